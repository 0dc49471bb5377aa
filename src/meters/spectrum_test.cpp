// SPDX-License-Identifier: MIT
#include "meters/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <random>

#include "base/units.h"
#include "meters/k_weighting_filter.h"

namespace gainstage {
namespace {

template <typename Value>
AudioBuffer make(std::size_t channels, double rate_hz, double seconds, Value value) {
  AudioBuffer buffer(channels, static_cast<std::size_t>(rate_hz * seconds));
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> x = buffer.view().channel(c);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(value(c, static_cast<double>(i) / rate_hz));
    }
  }
  return buffer;
}

auto tone(double hz, double peak) {
  return [=](std::size_t, double t) { return peak * std::sin(2.0 * std::numbers::pi * hz * t); };
}

auto noise(double deviation) {
  return [=, random = std::mt19937(5)](std::size_t, double) mutable {
    return std::normal_distribution<double>(0.0, deviation)(random);
  };
}

SpectrumMeter measured(const AudioBuffer& audio, double rate_hz,
                       SpectrumDetail detail = SpectrumDetail::track) {
  SpectrumMeter meter(detail);
  meter.prepare({rate_hz, audio.channels(), 4096});
  meter.process(audio.view());
  meter.finish();
  return meter;
}

TEST(SpectrumMeter, ATonesPowerIsInItsBand) {
  for (double rate : {44100.0, 48017.0, 96000.0}) {
    for (std::size_t b = 0; b < third_octave_centres_hz.size(); ++b) {
      if (third_octave_centres_hz[b] > 0.46 * rate) continue;
      const SpectrumMeter meter = measured(make(1, rate, 3.0, tone(third_octave_centres_hz[b], 0.5)), rate);
      EXPECT_NEAR(power_to_db(meter.third_octaves()[b]).value, power_to_db(0.125).value, 0.1)
          << third_octave_centres_hz[b] << " Hz at " << rate;
      if (b >= 2) {
        // What is there comes from the tone's sudden start and end.
        EXPECT_LT(power_to_db(meter.third_octaves()[b - 2]).value, -38.0) << third_octave_centres_hz[b];
      }
    }
  }
}

TEST(SpectrumMeter, BandsOfWhiteNoiseRiseByTheirWidth) {
  const double rate = 48000.0;
  const SpectrumMeter meter = measured(make(2, rate, 20.0, noise(0.1)), rate);
  for (std::size_t b = 4; b < third_octave_centres_hz.size(); ++b) {
    const FrequencyRange range = third_octave_range(b);
    // Two channels of variance 0.01, spread evenly up to half the rate.
    const double expected = 2.0 * 0.01 * (range.to_hz - range.from_hz) / (0.5 * rate);
    const double independent_values = 20.0 * (range.to_hz - range.from_hz) * 2.0;
    const double tolerance_db = 0.05 + 4.0 * 4.34 / std::sqrt(independent_values);
    EXPECT_NEAR(power_to_db(meter.third_octaves()[b]).value, power_to_db(expected).value, tolerance_db)
        << third_octave_centres_hz[b];
  }
}

TEST(SpectrumMeter, EverySampleCountsTheSame) {
  // A click has all its energy, wherever it falls.
  const double rate = 48000.0;
  for (double at : {0.0, 0.0133, 0.04, 0.4, 0.7371, 0.9999}) {
    const auto click = [=](std::size_t, double t) { return std::abs(t - at) < 0.5 / rate ? 1.0 : 0.0; };
    const SpectrumMeter meter = measured(make(1, rate, 1.0, click), rate);
    const ThirdOctaves bands = meter.third_octaves();
    const double sum = std::accumulate(bands.begin(), bands.end(), 0.0);
    const double share = (third_octave_range(30).to_hz - third_octave_range(0).from_hz) / (0.5 * rate);
    EXPECT_NEAR(sum * rate, share, 0.003 * share) << at;
  }
}

TEST(SpectrumMeter, WidthOfABandIsItsSidesShare) {
  const double rate = 48000.0;
  // 100 Hz in phase, 1 kHz of opposite sign, 4 kHz on the left only.
  const auto value = [](std::size_t c, double t) {
    const double w = 2.0 * std::numbers::pi * t;
    return 0.2 * std::sin(100.0 * w) + (c == 0 ? 0.2 : -0.2) * std::sin(1000.0 * w) +
           (c == 0 ? 0.2 : 0.0) * std::sin(4000.0 * w);
  };
  const ThirdOctaves widths = measured(make(2, rate, 2.0, value), rate, SpectrumDetail::bands).widths();
  EXPECT_NEAR(widths[7], 0.0, 1e-3);
  EXPECT_NEAR(widths[17], 1.0, 1e-3);
  EXPECT_NEAR(widths[23], 0.5, 1e-3);
}

TEST(SpectrumMeter, ErbFramesHoldTheirFourHundredMilliseconds) {
  const double rate = 44100.0;
  // 1.2 s in the middle of one band, then in that of a low one.
  const std::size_t high = 14;
  const std::size_t low = 2;
  const auto value = [=](std::size_t, double t) {
    return 0.5 * std::sin(2.0 * std::numbers::pi * cam_to_hz(erb_centre_cam(t < 1.2 ? high : low)) * t);
  };
  const SpectrumMeter meter = measured(make(1, rate, 2.5, value), rate);
  ASSERT_EQ(meter.erb_frames().size(), 7u);
  EXPECT_NEAR(power_to_db(meter.erb_frames()[1][high]).value, power_to_db(0.125).value, 0.3);
  EXPECT_NEAR(power_to_db(meter.erb_frames()[4][low]).value, power_to_db(0.125).value, 0.5);
  EXPECT_LT(power_to_db(meter.erb_frames()[5][high]).value, -60.0);
  // The last frame holds 0.1 s of sound.
  const double last = std::accumulate(meter.erb_frames()[6].begin(), meter.erb_frames()[6].end(), 0.0);
  EXPECT_NEAR(power_to_db(last).value, power_to_db(0.125 / 4.0).value, 0.5);
}

TEST(SpectrumMeter, FeaturesTellToneFromNoise) {
  const double rate = 48000.0;
  const auto of_tone = measured(make(1, rate, 4.0, tone(440.0, 0.3)), rate).features();
  const auto of_noise = measured(make(1, rate, 4.0, noise(0.1)), rate).features();
  EXPECT_NEAR(of_tone.median_frequency_hz, 440.0, 10.0);
  EXPECT_NEAR(of_tone.centroid_hz, 440.0, 15.0);
  EXPECT_LT(of_tone.flatness, 0.01);
  EXPECT_GT(of_tone.harmonicity, 0.95);
  EXPECT_NEAR(of_tone.low_energy_share, 0.0, 1e-3);
  EXPECT_NEAR(of_noise.median_frequency_hz, 12000.0, 300.0);
  EXPECT_GT(of_noise.flatness, 0.85);
  EXPECT_LT(of_noise.harmonicity, 0.2);
  EXPECT_NEAR(of_noise.low_energy_share, 110.0 / 24000.0, 0.002);
}

TEST(SpectrumMeter, FeaturesIgnoreAnOffset) {
  const double rate = 48000.0;
  const auto value = [](std::size_t, double t) {
    return 0.05 + 0.1 * std::sin(2.0 * std::numbers::pi * 60.0 * t);
  };
  const auto features = measured(make(1, rate, 4.0, value), rate).features();
  EXPECT_NEAR(features.low_energy_share, 1.0, 0.01);
  EXPECT_NEAR(features.median_frequency_hz, 60.0, 10.0);
}

TEST(SpectrumMeter, CountsOnsets) {
  const double rate = 48000.0;
  // Four decaying bursts of noise a second.
  const auto value = [white = noise(0.3)](std::size_t c, double t) mutable {
    return white(c, t) * std::exp(-30.0 * std::fmod(t, 0.25));
  };
  const auto features = measured(make(1, rate, 8.0, value), rate).features();
  EXPECT_NEAR(features.onsets_per_second, 4.0, 0.3);
}

TEST(SpectrumMeter, OnsetsAreTheSameWhereTheLevelsOfHopsAreKnown) {
  const double rate = 48000.0;
  const auto value = [white = noise(0.3)](std::size_t c, double t) mutable {
    return white(c, t) * std::exp(-30.0 * std::fmod(t, 0.23));
  };
  // The last block ends within a hop.
  const AudioBuffer audio = make(2, rate, 5.0057, value);
  KWeightingFilter k_weighting;
  k_weighting.prepare({rate, 2, audio.frames()});
  ASSERT_TRUE(k_weighting.has_levels());
  const std::size_t hop = k_weighting.frames_in_hop();

  SpectrumMeter from_samples(SpectrumDetail::track), from_levels(SpectrumDetail::track);
  SpectrumTransforms transforms(rate);
  from_samples.prepare({rate, 2, audio.frames()});
  from_levels.prepare({rate, 2, audio.frames()});
  const std::size_t block_frames = 10 * hop;
  for (std::size_t first = 0; first < audio.frames(); first += block_frames) {
    const auto block = audio.view().section(first, std::min(block_frames, audio.frames() - first));
    const std::size_t whole = block.frames - block.frames % hop;
    std::vector<HopLevels> levels(whole / hop * 2);
    k_weighting.process(block.section(0, whole), {}, levels, [](std::span<const double>, Frames) {});
    // As if the first hop were more than can be squared in single precision.
    if (whole > 0) levels.front().squares = std::numeric_limits<float>::infinity();
    from_samples.process(block, transforms);
    from_levels.process(block, transforms, levels);
  }
  from_samples.finish(transforms);
  from_levels.finish(transforms);
  const auto expected = from_samples.features();
  EXPECT_GT(expected.onsets_per_second, 1.0);
  EXPECT_EQ(from_levels.features().onsets_per_second, expected.onsets_per_second);
  EXPECT_EQ(from_levels.features().centroid_hz, expected.centroid_hz);
}

TEST(SpectrumMeter, FeaturesDoNotChangeWithGain) {
  const double rate = 48000.0;
  const auto value = [white = noise(0.3)](std::size_t c, double t) mutable {
    return (white(c, t) + std::sin(2000.0 * t)) * std::exp(-5.0 * std::fmod(t, 0.7));
  };
  AudioBuffer audio = make(2, rate, 6.0, value);
  const auto loud = measured(audio, rate).features();
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& x : audio.view().channel(c)) x *= 0.03125f;  // Exact: a power of two.
  }
  const auto quiet = measured(audio, rate).features();
  EXPECT_NEAR(quiet.median_frequency_hz, loud.median_frequency_hz, 1e-3);
  EXPECT_NEAR(quiet.centroid_hz, loud.centroid_hz, 1e-3);
  EXPECT_NEAR(quiet.flatness, loud.flatness, 1e-6);
  EXPECT_NEAR(quiet.harmonicity, loud.harmonicity, 1e-6);
  EXPECT_EQ(quiet.onsets_per_second, loud.onsets_per_second);
  EXPECT_NEAR(quiet.low_energy_share, loud.low_energy_share, 1e-9);
}

}  // namespace
}  // namespace gainstage
