// SPDX-License-Identifier: MIT
#include "dsp/stretch_peak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "dsp/each_target.h"

namespace gainstage {
namespace {

struct Stages {
  std::string name;
  Interpolator first, second;
};

std::vector<Stages> all_stages() {
  const Interpolator none = hann_interpolator(1, 1);
  std::vector<Stages> all;
  for (const std::size_t half : {12u, 24u}) {
    const Interpolator first = least_squares_interpolator(2, half, 0.44);
    all.push_back({"twice", first, none});
    for (const std::size_t factor : {2u, 4u, 8u})
      all.push_back(
          {"twice and " + std::to_string(factor), first, least_squares_interpolator(factor, 4, 0.23)});
  }
  all.push_back({"four times", hann_interpolator(4, 6), none});
  all.push_back({"twice, the standard's", hann_interpolator(2, 12), none});
  return all;
}

std::size_t taps(const Stages& stages) {
  return stages.first.taps + (stages.second.factor > 1 ? stages.second.taps / 2 : 0);
}

/// A stretch of what interpolate() has of both stages, everything computed.
float twin(const Stages& stages, const float* start, std::size_t places) {
  const FoldedInterpolator by_first = fold(stages.first);
  const FoldedInterpolator further = fold(stages.second);
  const std::size_t margin = (taps(stages) - stages.first.taps) / 2;
  std::vector<float> x(start, start + places + taps(stages) - 1);
  x.resize(x.size() + interpolation_slack);
  float greatest = 0.0f;
  std::vector<float> between(places + 2 * margin);
  for (std::size_t p = 1; p < stages.first.factor; ++p) {
    interpolate(by_first, p, x.data(), between);
    for (std::size_t n = 0; n < places; ++n) greatest = std::max(greatest, std::abs(between[n + margin]));
  }
  if (stages.second.factor == 1) return greatest;
  std::vector<float> grid;
  for (std::size_t i = 0; i < between.size(); ++i) {
    grid.push_back(x[i + stages.first.taps / 2 - 1]);
    grid.push_back(between[i]);
  }
  grid.resize(grid.size() + interpolation_slack);
  std::vector<float> values(2 * places);
  for (std::size_t p = 1; p < stages.second.factor; ++p) {
    interpolate(further, p, grid.data() + 1, values);
    for (const float value : values) greatest = std::max(greatest, std::abs(value));
  }
  return greatest;
}

/// What stretches are looked at in, with nothing but NaN behind what may be read.
constexpr std::size_t length = 16 * StretchPeak::most_places + 64;
std::vector<float> guarded(std::vector<float> x) {
  x.resize(x.size() + 32, std::numeric_limits<float>::quiet_NaN());
  return x;
}

std::vector<std::vector<float>> signals() {
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
  // One sample alone, at every kind of place: the ends, and where two stretches meet.
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{11}, std::size_t{13}, std::size_t{14}, std::size_t{21}, std::size_t{22},
        length / 2, length / 2 + 1, length - 65, length - 35, length - 13, length - 1}) {
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

struct Expected {
  float ratio = 0.0f;
  std::size_t stretch = 0;
};

Expected expected_of(const Stages& stages, std::span<const float* const> starts, std::size_t places) {
  Expected expected;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const float ratio = twin(stages, starts[i], places);
    if (ratio > expected.ratio) expected = {ratio, i};
  }
  return expected;
}

/// Stretches one after the other, as many as there are of that length.
std::vector<const float*> in_a_row(const std::vector<float>& x, std::size_t places) {
  std::vector<const float*> starts;
  for (std::size_t i = 0; i < StretchPeak::side_by_side; ++i) starts.push_back(x.data() + i * places);
  return starts;
}

TEST(StretchPeak, IsTheGreatestOfBothStagesToTheBitOnEveryTarget) {
  on_each_target([] {
    for (const Stages& stages : all_stages()) {
      SCOPED_TRACE(stages.name);
      StretchPeak peak(stages.first, stages.second);
      EXPECT_EQ(peak.taps(), taps(stages));
      for (const std::vector<float>& signal : signals()) {
        const std::vector<float> x = guarded(signal);
        const std::vector<const float*> starts = in_a_row(x, StretchPeak::most_places);
        const Expected expected = expected_of(stages, starts, StretchPeak::most_places);
        const StretchPeak::Greatest found = peak.greatest(starts, StretchPeak::most_places, 0.0f, 2.0f);
        ASSERT_EQ(found.ratio, expected.ratio);
        ASSERT_EQ(found.stretch, expected.stretch);
      }
    }
  });
}

TEST(StretchPeak, TakesAnyNumberOfStretchesOfAnyLengthAnywhere) {
  on_each_target([] {
    std::mt19937 random(3);
    for (const Stages& stages : all_stages()) {
      SCOPED_TRACE(stages.name);
      StretchPeak peak(stages.first, stages.second);
      const std::vector<float> x = guarded(signals()[0]);
      for (std::size_t places = 1; places <= StretchPeak::most_places; places += places < 20 ? 1 : 27) {
        for (std::size_t count = 1; count <= 20; ++count) {
          std::vector<const float*> starts;
          for (std::size_t i = 0; i < count; ++i) {
            starts.push_back(x.data() +
                             random() % (length - places - taps(stages) + 2 - interpolation_slack));
          }
          const Expected expected = expected_of(stages, starts, places);
          const StretchPeak::Greatest found = peak.greatest(starts, places, 0.0f, 2.0f);
          ASSERT_EQ(found.ratio, expected.ratio) << places << " places, " << count << " stretches";
          ASSERT_EQ(found.stretch, expected.stretch);
        }
      }
    }
  });
}

TEST(StretchPeak, FindsWhatReachesWhatIsWantedAndNothingThatDoesNot) {
  on_each_target([] {
    for (const Stages& stages : all_stages()) {
      SCOPED_TRACE(stages.name);
      StretchPeak peak(stages.first, stages.second);
      for (const std::vector<float>& signal : signals()) {
        const std::vector<float> x = guarded(signal);
        const std::vector<const float*> starts = in_a_row(x, StretchPeak::most_places);
        const float expected = expected_of(stages, starts, StretchPeak::most_places).ratio;
        const auto found = [&](float wanted) {
          return peak.greatest(starts, StretchPeak::most_places, wanted, 2.0f).ratio;
        };
        ASSERT_EQ(found(expected), expected);
        ASSERT_LE(found(std::nextafter(expected, 9.0f)), expected);
        ASSERT_LE(found(2.0f * expected), expected);
      }
    }
  });
}

}  // namespace
}  // namespace gainstage
