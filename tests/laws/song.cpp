// SPDX-License-Identifier: MIT
#include "tests/laws/song.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>

#include "tests/laws/property.h"

namespace gainstage::test {
namespace {

/// Strokes that decay, of a sawtooth and noise, through a low-pass of one pole and a high-pass.
struct Voice {
  const char* name;
  double frequency_hz;
  double noise_share;
  double stroke_s;  ///< From stroke to stroke.
  double decay_s;   ///< To 1/e.
  double low_pass_hz;
  double high_pass_hz;
  std::size_t channels;
};

constexpr std::array<Voice, 8> voices{{
    {"Kick", 55.0, 0.02, 0.50, 0.08, 150.0, 20.0, 1},
    {"Bass", 82.0, 0.00, 1.00, 0.80, 400.0, 30.0, 1},
    {"Lead Vox", 330.0, 0.05, 1.60, 0.70, 3500.0, 150.0, 1},
    {"Snare", 190.0, 0.80, 1.00, 0.06, 5000.0, 150.0, 2},
    {"EGtr", 220.0, 0.02, 0.75, 0.50, 2500.0, 100.0, 2},
    {"HH", 900.0, 1.00, 0.25, 0.03, 7500.0, 5000.0, 2},
    {"Pad", 262.0, 0.00, 4.00, 9.00, 1200.0, 120.0, 2},
    {"Shaker", 900.0, 1.00, 0.125, 0.05, 7000.0, 4000.0, 1},
}};

constexpr double pi = 3.14159265358979323846;

class OnePole {
 public:
  OnePole(double cutoff_hz, double rate_hz) : step_(1.0 - std::exp(-2.0 * pi * cutoff_hz / rate_hz)) {}
  double low_pass(double x) { return state_ += step_ * (x - state_); }

 private:
  double step_;
  double state_ = 0.0;
};

void play(const Voice& voice, double rate_hz, std::span<float> out, std::mt19937& random) {
  OnePole low(voice.low_pass_hz, rate_hz);
  OnePole high(voice.high_pass_hz, rate_hz);
  const double fade = std::exp(-1.0 / (voice.decay_s * rate_hz));
  const auto stroke = static_cast<std::size_t>(voice.stroke_s * rate_hz);
  double phase = 0.0;
  double level = 0.0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % stroke == 0) level = 0.5 + static_cast<double>(random() % 1000) / 2000.0;
    level *= fade;
    phase += voice.frequency_hz / rate_hz;
    if (phase >= 1.0) phase -= 1.0;
    const double noise = 2.0 * static_cast<double>(random()) / 4294967295.0 - 1.0;
    const double both = voice.noise_share * noise + (1.0 - voice.noise_share) * (2.0 * phase - 1.0);
    const double darker = low.low_pass(level * both);
    out[i] = static_cast<float>(darker - high.low_pass(darker));
  }
}

void scale_to_peak(AudioBuffer& buffer, double peak_ratio) {
  float peak = 0.0f;
  for (std::size_t c = 0; c < buffer.channels(); ++c) {
    for (const float x : buffer.view().channel(c)) peak = std::max(peak, std::abs(x));
  }
  const auto ratio = static_cast<float>(peak_ratio / static_cast<double>(peak));
  for (std::size_t c = 0; c < buffer.channels(); ++c) {
    for (float& x : buffer.view().channel(c)) x *= ratio;
  }
}

AudioBuffer scaled(const AudioBuffer& buffer, Db gain) {
  AudioBuffer result(buffer.channels(), buffer.frames());
  for (std::size_t c = 0; c < buffer.channels(); ++c) {
    const std::span<const float> from = buffer.view().channel(c);
    std::ranges::transform(from, result.view().channel(c).begin(),
                           [ratio = to_ratio(gain)](float x) { return static_cast<float>(ratio * x); });
  }
  return result;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const SongRecipe& recipe) {
  return out << "song " << recipe.seed << " of " << recipe.tracks << " tracks at " << recipe.rate_hz << " Hz";
}

rc::Gen<SongRecipe> recipes() {
  return rc::gen::map(
      rc::gen::tuple(whole_between(0, 9999), whole_between(5, voices.size()), whole_between(0, 3)),
      [](const std::tuple<std::size_t, std::size_t, std::size_t>& drawn) {
        const auto [seed, tracks, rate] = drawn;
        return SongRecipe{static_cast<unsigned>(seed), tracks, rate == 0 ? 48000.0 : 16000.0};
      });
}

std::vector<Stem> make_stems(const SongRecipe& recipe) {
  std::mt19937 random(recipe.seed);
  const auto draw = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<Stem> stems;
  for (std::size_t i = 0; i < recipe.tracks; ++i) {
    Voice voice = voices[i];
    voice.frequency_hz *= draw(0.85, 1.2);
    voice.stroke_s *= draw(0.8, 1.3);
    voice.decay_s *= draw(0.6, 1.6);
    const double seconds = draw(4.0, 8.0);
    Stem stem{voice.name, AudioBuffer(voice.channels, static_cast<std::size_t>(seconds * recipe.rate_hz)),
              recipe.rate_hz};
    for (std::size_t c = 0; c < voice.channels; ++c) {
      play(voice, recipe.rate_hz, stem.samples.view().channel(c), random);
    }
    scale_to_peak(stem.samples, to_ratio(Db{draw(-24.0, -1.0)}));
    stems.push_back(std::move(stem));
  }
  return stems;
}

SongFiles::SongFiles(const std::vector<Stem>& stems, const std::vector<double>& gains_db,
                     std::vector<std::size_t> order)
    : TestSession(stems.front().rate_hz) {
  if (order.empty()) {
    order.resize(stems.size());
    std::iota(order.begin(), order.end(), 0);
  }
  for (std::size_t k = 0; k < order.size(); ++k) {
    const Stem& stem = stems[order[k]];
    const Db gain{gains_db.empty() ? 0.0 : gains_db[order[k]]};
    add(fmt::format("{:02} {}.wav", k + 1, stem.name), scaled(stem.samples, gain), stem.rate_hz);
  }
}

Session session_of(const Session& source, const std::vector<std::string>& paths) {
  Session session = source;
  for (std::size_t i = 0; i < paths.size(); ++i) session.tracks[i].source_path = paths[i];
  return session;
}

void write_mix(const Session& session, const GainPlan& plan, const std::string& path,
               const MixFormat& format) {
  RenderOptions options;
  options.format.sample_format = format.sample_format;
  options.limiter_ceiling = plan.limiter_ceiling;
  WorkOptions work;
  work.threads = format.threads;
  value_of(render_mix(session, mix_gains(plan), path, options, work));
}

}  // namespace gainstage::test
