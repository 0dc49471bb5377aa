// SPDX-License-Identifier: MIT
// Meters that are told the levels of hops against the same meters that look at the samples.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "meters/level_meters.h"
#include "meters/loudness.h"
#include "meters/true_peak.h"

namespace gainstage {
namespace {

/// Stereo signals of a second and a bit more; the names say what is hard on them.
std::vector<std::pair<std::string, AudioBuffer>> signals(double rate_hz) {
  std::vector<std::pair<std::string, AudioBuffer>> all;
  std::mt19937 random(11);
  std::normal_distribution<double> gauss;
  const auto frames = static_cast<std::size_t>(1.2345 * rate_hz);
  const auto add = [&](const char* name, auto value) {
    AudioBuffer buffer(2, frames);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < frames; ++i) {
        buffer.view().channel(c)[i] = static_cast<float>(value(c, static_cast<double>(i) / rate_hz));
      }
    }
    all.emplace_back(name, std::move(buffer));
  };
  const auto sine = [](double hz, double t) { return std::sin(2.0 * std::numbers::pi * hz * t); };
  add("noise that rises", [&](std::size_t, double t) { return 0.3 * t * gauss(random); });
  add("noise that falls", [&](std::size_t, double t) { return 0.3 * (1.3 - t) * gauss(random); });
  add("clipped",
      [&](std::size_t c, double t) { return std::clamp(1.5 * sine(c == 0 ? 440.0 : 97.0, t), -1.0, 1.0); });
  add("low with bursts", [&](std::size_t, double t) {
    return 0.6 * sine(30.0, t) + (std::fmod(t, 0.11) < 0.002 ? 0.35 * gauss(random) : 0.0);
  });
  add("silence on one side", [&](std::size_t c, double t) { return c == 0 ? 0.0 : 0.5 * sine(997.0, t); });
  add("beyond the squares of floats",
      [&](std::size_t c, double) { return gauss(random) * (c == 0 ? 1e25 : 1e-25); });
  return all;
}

/// In blocks of `hops` hops, the last of which may end within one.
struct Told {
  LoudnessMeter loudness;
  LevelMeters levels;
  TruePeakMeter true_peak;

  Told(const AudioBuffer& audio, double rate_hz, TruePeakFilter filter, std::size_t hops)
      : true_peak(filter) {
    const Format format{rate_hz, 2, audio.frames()};
    loudness.prepare(format);
    levels.prepare(format);
    true_peak.prepare(format);
    const std::size_t hop = loudness.frames_in_hop();
    std::vector<HopLevels> told;
    for (std::size_t first = 0; first < audio.frames();) {
      const std::size_t left = audio.frames() - first;
      const std::size_t frames = left < hop ? left : std::min(hops, left / hop) * hop;
      const AudioView<const float> block = audio.view().section(first, frames);
      if (loudness.has_levels() && left >= hop) {
        told.resize(frames / hop * 2);
        loudness.process(block, told);
        levels.process(block, told);
        true_peak.process(block, told);
      } else {
        loudness.process(block);
        levels.process(block);
        true_peak.process(block);
      }
      first += frames;
    }
    levels.finish();
    true_peak.finish();
  }
};

/// Rounding of a tick in single precision, in dB.
constexpr double rounding_db = 1e-4;

void expect_near(Db told, Db own) {
  if (told == own) return;
  EXPECT_NEAR(told.value, own.value, rounding_db);
}

TEST(HopLevels, GiveTheReadingsOfMetersThatLookAtTheSamples) {
  for (const double rate_hz : {8000.0, 44100.0, 48000.0, 96000.0}) {
    for (const auto& [name, audio] : signals(rate_hz)) {
      for (const TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
        const Format format{rate_hz, 2, audio.frames()};
        LoudnessMeter loudness;
        LevelMeters levels;
        TruePeakMeter true_peak(filter);
        loudness.prepare(format);
        levels.prepare(format);
        true_peak.prepare(format);
        loudness.process(audio.view());
        levels.process(audio.view());
        true_peak.process(audio.view());
        levels.finish();
        true_peak.finish();
        for (const std::size_t hops : {1u, 7u, 60u, 1000u}) {
          SCOPED_TRACE(testing::Message() << name << " at " << rate_hz << " Hz, blocks of " << hops);
          const Told told(audio, rate_hz, filter, hops);
          EXPECT_EQ(told.loudness.integrated(), loudness.integrated());
          EXPECT_EQ(told.loudness.short_term(), loudness.short_term());
          for (std::size_t c = 0; c < 2; ++c) {
            EXPECT_EQ(told.true_peak.peak_ratio(c), true_peak.peak_ratio(c));
            EXPECT_EQ(told.levels.sample_peak().peak(c), levels.sample_peak().peak(c));
          }
          EXPECT_EQ(told.true_peak.peak_at_seconds(), true_peak.peak_at_seconds());
          EXPECT_EQ(told.levels.clips().runs(), levels.clips().runs());
          EXPECT_EQ(told.levels.clips().longest_frames(), levels.clips().longest_frames());
          expect_near(told.levels.rms().rms(), levels.rms().rms());
          expect_near(told.levels.k_system().level_max(), levels.k_system().level_max());
          expect_near(VuMeter::vu(told.levels.vu().greatest_needle(), {-18.0}),
                      VuMeter::vu(levels.vu().greatest_needle(), {-18.0}));
          for (std::size_t c = 0; c < 2; ++c) {
            expect_near(told.levels.k_system().level(c), levels.k_system().level(c));
            expect_near(told.levels.k_system().peak(c), levels.k_system().peak(c));
          }
          const auto told_needles = told.levels.vu().hop_needles();
          const auto own_needles = levels.vu().hop_needles();
          ASSERT_EQ(told_needles.size(), own_needles.size());
          for (std::size_t tenth = 0; tenth < own_needles.size(); ++tenth) {
            EXPECT_NEAR(told_needles[tenth], own_needles[tenth], 1e-5 * levels.vu().greatest_needle());
          }
          EXPECT_EQ(told.levels.noise_floor().level().has_value(), levels.noise_floor().level().has_value());
          if (levels.noise_floor().level() && told.levels.noise_floor().level()) {
            expect_near(*told.levels.noise_floor().level(), *levels.noise_floor().level());
          }
          for (std::size_t c = 0; c < 2; ++c) {
            EXPECT_NEAR(told.levels.dc_offset().mean(c), levels.dc_offset().mean(c),
                        1e-5 * std::sqrt(levels.rms().mean_square(c)));
          }
        }
      }
    }
  }
}

/// The samples of the hops that a true peak meter may look at in its next block; the others are nonsense.
AudioBuffer looked_at(const TruePeakMeter& meter, AudioView<const float> block,
                      std::span<const HopLevels> levels, std::size_t hop_frames) {
  AudioBuffer result(2, block.frames);
  for (std::size_t c = 0; c < 2; ++c) std::ranges::fill(result.view().channel(c), 1000.0f);
  const std::size_t hops = levels.size() / 2;
  const auto copy = [&](std::size_t hop) {
    for (std::size_t c = 0; c < 2; ++c) {
      const auto from = block.section(hop * hop_frames, hop_frames).channel(c);
      std::ranges::copy(from, result.view().section(hop * hop_frames, hop_frames).channel(c).begin());
    }
  };
  copy(0);
  copy(hops - 1);
  for (std::size_t hop = 1; hop < hops; ++hop) {
    for (std::size_t c = 0; c < 2; ++c) {
      if (!meter.may_look_at(c, levels[2 * hop - 2 + c], levels[2 * hop + c], hop_frames)) continue;
      copy(hop - 1);
      copy(hop);
    }
  }
  return result;
}

TEST(HopLevels, TellATruePeakMeterAtWhichHopsItNeedNotLook) {
  for (const double rate_hz : {8000.0, 44100.0, 48000.0}) {
    for (const auto& [name, audio] : signals(rate_hz)) {
      for (const TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
        for (const std::size_t hops : {1u, 7u, 60u}) {
          SCOPED_TRACE(testing::Message() << name << " at " << rate_hz << " Hz, blocks of " << hops);
          const Format format{rate_hz, 2, audio.frames()};
          LoudnessMeter loudness;
          TruePeakMeter whole(filter), partly(filter);
          loudness.prepare(format);
          whole.prepare(format);
          partly.prepare(format);
          const std::size_t hop_frames = loudness.frames_in_hop();
          std::vector<HopLevels> levels(2 * hops);
          for (std::size_t first = 0; first + hops * hop_frames <= audio.frames();
               first += hops * hop_frames) {
            const AudioView<const float> block = audio.view().section(first, hops * hop_frames);
            loudness.process(block, levels);
            whole.process(block, levels);
            const AudioBuffer part = looked_at(partly, block, levels, hop_frames);
            partly.process(part.view(), levels);
          }
          whole.finish();
          partly.finish();
          for (std::size_t c = 0; c < 2; ++c) EXPECT_EQ(partly.peak_ratio(c), whole.peak_ratio(c));
          EXPECT_EQ(partly.peak_at_seconds(), whole.peak_at_seconds());
        }
      }
    }
  }
}

TEST(HopLevels, AreNotThereWhereHopsDiffer) {
  LoudnessMeter loudness;
  loudness.prepare({11025.0, 2, 4096});
  EXPECT_FALSE(loudness.has_levels());
  loudness.prepare({44100.0, 2, 4096}, std::vector<double>{1.0, 0.0});
  EXPECT_FALSE(loudness.has_levels());
  loudness.prepare({44100.0, 2, 4096});
  EXPECT_TRUE(loudness.has_levels());
}

}  // namespace
}  // namespace gainstage
