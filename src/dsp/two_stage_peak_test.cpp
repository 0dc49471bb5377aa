// SPDX-License-Identifier: MIT
#include "dsp/two_stage_peak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "dsp/each_target.h"

namespace gainstage {
namespace {

const Interpolator first = kaiser_interpolator(2, 32, 5.0);

/// As many samples as a call depends on, and nothing but NaN behind those that it may read.
std::vector<float> guarded(const std::vector<float>& x) {
  std::vector<float> samples = x;
  samples.resize(samples.size() + interpolation_slack, 1e30f);
  samples.resize(samples.size() + 32, std::numeric_limits<float>::quiet_NaN());
  return samples;
}

/// Both stages by interpolate(), everything computed.
float twin(const Interpolator& second, const std::vector<float>& x) {
  const FoldedInterpolator by_two = fold(first);
  const FoldedInterpolator further = fold(second);
  const std::size_t frames = TwoStagePeak::outputs + 2 * TwoStagePeak::margin;
  std::vector<float> halfway(frames);
  interpolate(by_two, 1, guarded(x).data(), halfway);
  std::vector<float> grid;
  for (std::size_t i = 0; i < frames; ++i) {
    grid.push_back(x[i + first.taps / 2 - 1]);
    grid.push_back(halfway[i]);
  }
  grid.resize(grid.size() + interpolation_slack);
  float greatest = 0.0f;
  for (std::size_t n = 0; n < TwoStagePeak::outputs; ++n) {
    greatest = std::max(greatest, std::abs(halfway[n + TwoStagePeak::margin]));
  }
  std::vector<float> values(2 * TwoStagePeak::outputs);
  for (std::size_t p = 1; p < second.factor; ++p) {
    interpolate(further, p, grid.data() + 1, values);
    for (const float value : values) greatest = std::max(greatest, std::abs(value));
  }
  return greatest;
}

std::vector<std::vector<float>> signals() {
  const std::size_t length = TwoStagePeak::outputs + first.taps + 2 * TwoStagePeak::margin - 1;
  std::mt19937 random(7);
  std::normal_distribution<float> gauss(0.0f, 0.3f);
  std::vector<std::vector<float>> all;
  std::vector<float> x(length);
  for (float& value : x) value = gauss(random);
  all.push_back(x);
  for (const double per_sample : {0.0416, 0.5, 0.25, 0.4301}) {
    for (std::size_t i = 0; i < length; ++i)
      x[i] = static_cast<float>(std::sin(std::numbers::pi * (per_sample * static_cast<double>(i) + 0.25)));
    all.push_back(x);
  }
  // One sample alone, at every kind of place: the ends of the stretch, and where two lanes meet.
  for (const std::size_t at : {std::size_t{0}, std::size_t{31}, std::size_t{33}, std::size_t{34}, length / 2,
                               length / 2 + 1, length - 35, length - 34, length - 1}) {
    std::ranges::fill(x, 0.0f);
    x[at] = 0.5f;
    all.push_back(x);
  }
  for (std::size_t at = 120; at < 150; ++at) {
    std::ranges::fill(x, 0.0f);
    x[at] = x[at + 1] = -0.5f;
    all.push_back(x);
  }
  return all;
}

TEST(TwoStagePeak, IsTheGreatestOfBothStagesToTheBitOnEveryTarget) {
  on_each_target([] {
    for (const Interpolator& second : {kaiser_interpolator(8, 4, 5.65), kaiser_interpolator(4, 4, 5.65),
                                       kaiser_interpolator(2, 4, 5.65)}) {
      TwoStagePeak peak(first, second);
      for (const std::vector<float>& x : signals()) {
        const float expected = twin(second, x);
        EXPECT_EQ(peak.greatest(guarded(x).data(), 0.0f, 2.0f), expected);
      }
    }
  });
}

TEST(TwoStagePeak, FindsWhatReachesTheFloorAndNothingThatDoesNot) {
  on_each_target([] {
    const Interpolator second = kaiser_interpolator(8, 4, 5.65);
    TwoStagePeak peak(first, second);
    for (const std::vector<float>& x : signals()) {
      const float expected = twin(second, x);
      const std::vector<float> samples = guarded(x);
      EXPECT_EQ(peak.greatest(samples.data(), expected, 2.0f), expected);
      EXPECT_LT(peak.greatest(samples.data(), std::nextafter(expected, 9.0f), 2.0f),
                std::nextafter(expected, 9.0f));
      EXPECT_LE(peak.greatest(samples.data(), 2.0f * expected, 2.0f), expected);
    }
  });
}

}  // namespace
}  // namespace gainstage
