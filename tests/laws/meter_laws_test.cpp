// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <utility>

#include "engine/test_session.h"
#include "meters/level_meters.h"
#include "meters/loudness.h"
#include "meters/ppm.h"
#include "meters/true_peak.h"
#include "tests/laws/property.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

/// Readings of the meters of one signal, dB or LUFS.
struct Readings {
  std::vector<double> loudness;  ///< Integrated, momentary and short-term, now and at most.
  double range_lu = 0.0;
  std::vector<double> levels;  ///< Sample peak, RMS, VU, PPM, K.
  double true_peak = 0.0;
  bool operator==(const Readings&) const = default;
};

/// Reads blocks of these lengths, over and over.
Readings read(const AudioBuffer& buffer, double rate_hz, const std::vector<std::size_t>& blocks,
              std::span<const double> weights = {}) {
  const Format format{rate_hz, buffer.channels(), *std::ranges::max_element(blocks)};
  LoudnessMeter loudness;
  LevelMeters levels;
  TruePeakMeter true_peak;
  PpmMeter ppm;
  loudness.prepare(format, weights);
  const auto each = [&](auto work) { work(levels), work(true_peak), work(ppm); };
  each([&](auto& meter) { meter.prepare(format); });
  const AudioView<const float> all = buffer.view();
  for (std::size_t at = 0, block = 0; at < all.frames; ++block) {
    const std::size_t frames = std::min(blocks[block % blocks.size()], all.frames - at);
    const AudioView<const float> section = all.section(at, frames);
    loudness.process(section);
    each([&](auto& meter) { meter.process(section); });
    at += frames;
  }
  true_peak.finish();
  levels.finish();
  const VuMeter& vu = levels.vu();
  return {{loudness.integrated().value, loudness.momentary().value, loudness.momentary_max().value,
           loudness.short_term().value, loudness.short_term_max().value},
          loudness.loudness_range().value,
          {levels.sample_peak().peak().value, levels.rms().rms().value, to_db(vu.greatest_needle()).value,
           to_db(vu.needle()).value, ppm.level_max(0).value, levels.k_system().level_max().value},
          true_peak.peak().value};
}

struct Drawn {
  AudioBuffer samples;
  double rate_hz;
};

/// 4 to 6 s of noise whose level sways by at most 10 dB, so that no gain brings a part of it under a gate.
Drawn draw_signal(std::size_t channels) {
  const double rate_hz = *rc::gen::element(16000.0, 44100.0, 48000.0, 96000.0);
  const double seconds = *between(4.0, 6.0);
  const double period_s = *between(0.3, 3.0);
  const auto seed = static_cast<unsigned>(*whole_between(0, 9999));
  const Signal sways = [=](double t, std::size_t channel, std::mt19937& random) {
    const double level = 0.5 - 0.3 * std::cos(6.28 * t / period_s + static_cast<double>(channel));
    return static_cast<float>(level * (2.0 * static_cast<double>(random()) / 4294967295.0 - 1.0));
  };
  return {render(sways, rate_hz, channels, seconds, seed), rate_hz};
}

TEST(MeterLaw, GainMovesEveryLevelByItself) {
  holds(12, [] {
    Drawn signal = draw_signal(2);
    const double gain_db = *between(-40.0, 20.0);
    const Readings before = read(signal.samples, signal.rate_hz, {1024});
    for (std::size_t c = 0; c < 2; ++c) {
      for (float& x : signal.samples.view().channel(c)) x = static_cast<float>(to_ratio(Db{gain_db}) * x);
    }
    const Readings after = read(signal.samples, signal.rate_hz, {1024});
    for (std::size_t i = 0; i < before.loudness.size(); ++i) {
      must_be_near(after.loudness[i] - before.loudness[i], gain_db, 1e-3, fmt::format("loudness {}", i));
    }
    must_be_near(after.range_lu, before.range_lu, 1e-3, "loudness range");
    // Samples are rounded to 24 significant bits: 20 log10(1 + 2^-24) = 5.2e-7 dB.
    for (std::size_t i = 0; i < before.levels.size(); ++i) {
      must_be_near(after.levels[i] - before.levels[i], gain_db, 1e-6, fmt::format("level {}", i));
    }
    // The interpolator sums some dozens of products in single precision.
    must_be_near(after.true_peak - before.true_peak, gain_db, 1e-5, "true peak");
  });
}

TEST(MeterLaw, PartitionIntoBlocksChangesNothing) {
  holds(12, [] {
    const Drawn signal = draw_signal(*whole_between(1, 3));
    const auto blocks = *rc::gen::container<std::vector<std::size_t>>(40, whole_between(1, 3000));
    RC_ASSERT(read(signal.samples, signal.rate_hz, blocks) ==
              read(signal.samples, signal.rate_hz, {signal.samples.frames()}));
  });
}

/// The samples with two channels exchanged.
AudioBuffer exchanged(const AudioBuffer& buffer, std::size_t one, std::size_t other) {
  AudioBuffer result(buffer.channels(), buffer.frames());
  for (std::size_t c = 0; c < buffer.channels(); ++c) {
    const std::size_t from = c == one ? other : c == other ? one : c;
    std::ranges::copy(buffer.view().channel(from), result.view().channel(c).begin());
  }
  return result;
}

TEST(MeterLaw, ExchangedLeftAndRightAreAsLoud) {
  holds(8, [] {
    const Drawn signal = draw_signal(2);
    const AudioBuffer turned = exchanged(signal.samples, 0, 1);
    RC_ASSERT(read(turned, signal.rate_hz, {1024}).loudness ==
              read(signal.samples, signal.rate_hz, {1024}).loudness);
  });
}

TEST(MeterLaw, ExchangedChannelsOfOneWeightAreAsLoud) {
  constexpr std::array weights{front_weight, front_weight,    front_weight,
                               lfe_weight,   surround_weight, surround_weight};
  holds(8, [&] {
    const Drawn signal = draw_signal(weights.size());
    const auto [one, other] =
        *rc::gen::element(std::pair{0, 1}, std::pair{0, 2}, std::pair{1, 2}, std::pair{4, 5});
    const AudioBuffer turned =
        exchanged(signal.samples, static_cast<std::size_t>(one), static_cast<std::size_t>(other));
    const Readings before = read(signal.samples, signal.rate_hz, {1024}, weights);
    const Readings after = read(turned, signal.rate_hz, {1024}, weights);
    // The energies of six channels are added in another order.
    for (std::size_t i = 0; i < before.loudness.size(); ++i) {
      must_be_near(after.loudness[i], before.loudness[i], 1e-9, fmt::format("loudness {}", i));
    }
  });
}

}  // namespace
}  // namespace gainstage
