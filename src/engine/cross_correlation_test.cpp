// SPDX-License-Identifier: MIT
#include "engine/cross_correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace gainstage {
namespace {

/// Twenty partials of random frequency and phase between 100 Hz and 6 kHz, `delay_s` late, at a rate.
std::vector<float> partials(double rate_hz, double delay_s, double sign) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> frequency(100.0, 6000.0);
  std::uniform_real_distribution<double> phase(0.0, 2.0 * std::numbers::pi);
  std::vector<float> samples(static_cast<std::size_t>(2.0 * rate_hz));
  for (int p = 0; p < 20; ++p) {
    const double hz = frequency(random);
    const double start = phase(random);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double t = static_cast<double>(i) / rate_hz - delay_s;
      samples[i] += static_cast<float>(sign * 0.05 * std::sin(2.0 * std::numbers::pi * hz * t + start));
    }
  }
  return samples;
}

TEST(CrossCorrelation, FindsTheLagAndTheSign) {
  for (const double rate_hz : {48000.0, 44100.0, 96000.0}) {
    const std::vector<float> first = partials(rate_hz, 0.0, 1.0);
    const std::vector<float> second = partials(rate_hz, 0.01, -1.0);
    const Alignment best =
        best_alignment(CrossCorrelator(first.size(), rate_hz, 0.02).correlate(first, second));
    EXPECT_EQ(best.lag, static_cast<int>(0.01 * rate_hz));
    EXPECT_NEAR(best.correlation, -1.0, 0.02);
    const Alignment swapped =
        best_alignment(CrossCorrelator(first.size(), rate_hz, 0.02).correlate(second, first));
    EXPECT_EQ(swapped.lag, -best.lag);
  }
}

TEST(CrossCorrelation, DoesNotDependOnLevels) {
  const std::vector<float> first = partials(48000.0, 0.0, 1.0);
  const std::vector<float> second = partials(48000.0, 0.003, 1.0);
  std::vector<float> quiet = second;  // By 120 dB: rounding of the other, 144 dB under it, would show.
  for (float& sample : quiet) sample *= 1e-6f;
  CrossCorrelator correlator(first.size(), 48000.0, 0.02);
  const std::vector<double> expected = correlator.correlate(first, second);
  const std::vector<double> forth = correlator.correlate(first, quiet);
  const std::vector<double> back = correlator.correlate(quiet, first);
  ASSERT_TRUE(forth.size() == expected.size() && back.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(forth[i], expected[i], 1e-5);
    EXPECT_NEAR(back[i], expected[expected.size() - 1 - i], 1e-5);
  }
}

TEST(CrossCorrelation, IsEmptyWhereOneIsSilent) {
  const std::vector<float> first = partials(48000.0, 0.0, 1.0);
  const std::vector<float> second(first.size(), 0.0f);
  EXPECT_TRUE(CrossCorrelator(first.size(), 48000.0, 0.02).correlate(first, second).empty());
}

TEST(BestAlignment, PrefersTheNearestOfEqualPeaks) {
  std::vector<double> sine;
  for (int lag = -960; lag <= 960; ++lag)
    sine.push_back(std::cos(2.0 * std::numbers::pi * (lag - 40) / 480.0));
  const Alignment best = best_alignment(sine);
  EXPECT_EQ(best.lag, 40);
  EXPECT_NEAR(best.correlation, 1.0, 1e-12);
}

}  // namespace
}  // namespace gainstage
