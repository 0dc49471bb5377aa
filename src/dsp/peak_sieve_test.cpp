// SPDX-License-Identifier: MIT
#include "dsp/peak_sieve.h"

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
  std::vector<Stages> all;
  for (const std::size_t half : {12u, 24u}) {
    const Interpolator first = least_squares_interpolator(2, half, half == 24 ? 0.475 : 0.44);
    for (const std::size_t factor : {2u, 4u, 8u}) {
      all.push_back({std::to_string(half) + " and " + std::to_string(factor), first,
                     least_squares_interpolator(factor, 4, 0.23)});
    }
  }
  return all;
}

std::size_t taps(const Stages& stages) { return stages.first.taps + stages.second.taps / 2; }

/// The greatest magnitude of each place as interpolate() has both stages, everything computed.
std::vector<float> greatest_of_places(const Stages& stages, std::vector<float> x, std::size_t count) {
  x.resize(count + taps(stages) - 1);
  const std::size_t frames = x.size() - stages.first.taps + 1;
  const std::size_t margin = (frames - count) / 2;
  x.resize(x.size() + interpolation_slack);
  std::vector<float> between(frames);
  interpolate(fold(stages.first), 1, x.data(), between);
  std::vector<float> greatest, grid;
  for (std::size_t n = 0; n < count; ++n) greatest.push_back(std::abs(between[n + margin]));
  for (std::size_t i = 0; i < frames; ++i) {
    grid.push_back(x[i + stages.first.taps / 2 - 1]);
    grid.push_back(between[i]);
  }
  grid.resize(grid.size() + interpolation_slack);
  std::vector<float> values(2 * count);
  const FoldedInterpolator further = fold(stages.second);
  for (std::size_t p = 1; p < further.factor; ++p) {
    interpolate(further, p, grid.data() + 1, values);
    for (std::size_t q = 0; q < values.size(); ++q)
      greatest[q / 2] = std::max(greatest[q / 2], std::abs(values[q]));
  }
  return greatest;
}

/// As much of each signal as may be read for `count` places.
std::vector<std::vector<float>> signals(const Stages& stages, std::size_t count) {
  const std::size_t length = count + taps(stages) - 1 + interpolation_slack;
  std::mt19937 random(7);
  std::normal_distribution<float> gauss(0.0f, 0.3f);
  std::vector<std::vector<float>> all;
  std::vector<float> x(length);
  for (float& value : x) value = gauss(random);
  all.push_back(x);
  for (float& value : x) value = value > 0.0f ? 0.5f : -0.5f;
  all.push_back(x);
  for (float& value : x) value *= 1e-20f;
  all.push_back(x);
  for (const double per_sample : {0.0416, 0.5, 0.25, 0.4301, 0.83}) {
    for (std::size_t i = 0; i < length; ++i)
      x[i] = static_cast<float>(std::sin(std::numbers::pi * (per_sample * static_cast<double>(i) + 0.25)));
    all.push_back(x);
  }
  // The worst input of the first stage's filter, and of its outermost taps, at the start, the end, between.
  const std::span<const float> worst = stages.first.phase(1);
  for (const std::size_t used : {worst.size(), worst.size() / 6}) {
    std::ranges::fill(x, 0.0f);
    for (const std::size_t at : {std::size_t{0}, count / 2 + 1, count - 1}) {
      for (std::size_t j = 0; j < worst.size(); ++j) {
        if (j >= used && j < worst.size() - used) continue;
        if (at + 2 + j < x.size()) x[at + 2 + j] = worst[j] > 0.0f ? 0.25f : -0.25f;
      }
    }
    all.push_back(x);
  }
  for (std::size_t at : {std::size_t{13}, length / 3, length / 3 + 1, length - 65, length - 40}) {
    std::ranges::fill(x, 0.0f);
    x[at] = x[at + 1] = -0.5f;
    all.push_back(x);
  }
  return all;
}

float peak_of(std::span<const float> x) {
  float greatest = 0.0f;
  for (const float value : x) greatest = std::max(greatest, std::abs(value));
  return greatest;
}

/// That stretches are in order and within `count`, and that every place of at least `wanted` lies in one.
void expect_all_in(std::span<const std::uint32_t> starts, std::size_t places, std::span<const float> greatest,
                   float wanted) {
  ASSERT_TRUE(std::ranges::is_sorted(starts));
  std::vector<bool> is_in(greatest.size(), false);
  for (const std::uint32_t start : starts) {
    ASSERT_LE(start + places, greatest.size());
    std::fill_n(is_in.begin() + start, places, true);
  }
  for (std::size_t n = 0; n < greatest.size(); ++n) {
    if (greatest[n] >= wanted) {
      ASSERT_TRUE(is_in[n]) << "place " << n << " has " << greatest[n] << " of " << wanted;
    }
  }
}

TEST(PeakSieve, LeavesOutNoPlaceThatHasWhatIsWantedOnEveryTarget) {
  on_each_target([] {
    for (const Stages& stages : all_stages()) {
      SCOPED_TRACE(stages.name);
      PeakSieve sieve(stages.first, stages.second);
      EXPECT_EQ(sieve.taps(), taps(stages));
      for (const std::size_t count : {std::size_t{128}, std::size_t{1000}, PeakSieve::most_places}) {
        std::vector<std::uint32_t> starts(count);
        for (const std::vector<float>& x : signals(stages, count)) {
          const std::vector<float> greatest = greatest_of_places(stages, x, count);
          std::vector<float> levels = greatest;
          std::ranges::sort(levels);
          for (const std::size_t rank : {count / 2, count - count / 20, count - 2, count - 1}) {
            const float wanted = levels[rank];
            for (const SieveTaps used : {SieveTaps::nearest, SieveTaps::all}) {
              const std::size_t found = sieve.stretches(used, x.data(), count, wanted, peak_of(x), 4, starts);
              if (found > count) continue;  // Where nothing can be told from the integers.
              expect_all_in(std::span(starts).first(found), 4, greatest, wanted);
              if (testing::Test::HasFatalFailure()) return;
            }
          }
        }
      }
    }
  });
}

TEST(PeakSieve, TakesEveryCountAndLengthOfStretches) {
  on_each_target([] {
    const Stages stages = all_stages().back();
    PeakSieve sieve(stages.first, stages.second);
    const std::vector<float> noise = signals(stages, 700).front();
    for (std::size_t count = 32; count <= 700; count += count < 130 ? 1 : 37) {
      const std::vector<float> x(
          noise.begin(),
          noise.begin() + static_cast<std::ptrdiff_t>(count + taps(stages) - 1 + interpolation_slack));
      const std::vector<float> greatest = greatest_of_places(stages, x, count);
      std::vector<float> levels = greatest;
      std::ranges::sort(levels);
      const float wanted = levels[count - count / 20 - 1];
      std::vector<std::uint32_t> starts(count);
      for (std::size_t places = 1; places <= std::min<std::size_t>(5, count / PeakSieve::side_by_side);
           ++places) {
        const std::size_t found =
            sieve.stretches(SieveTaps::all, x.data(), count, wanted, peak_of(x), places, starts);
        ASSERT_LE(found, count);
        expect_all_in(std::span(starts).first(found), places, greatest, wanted);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  });
}

TEST(PeakSieve, KeepsBackMostOfNoiseAndOfASteadyTone) {
  on_each_target([] {
    const Stages stages = all_stages().back();
    const std::size_t count = PeakSieve::most_places;
    PeakSieve sieve(stages.first, stages.second);
    const std::vector<std::vector<float>> all = signals(stages, count);
    std::vector<std::uint32_t> starts(count);
    // Noise, and a tone of a quarter of the rate, of which a higher peak came before.
    for (const auto& [x, above] : {std::pair{all[0], 1.0f}, std::pair{all[4], 1.1f}}) {
      const float wanted = above * peak_of(greatest_of_places(stages, x, count));
      const std::size_t nearest =
          sieve.stretches(SieveTaps::nearest, x.data(), count, wanted, peak_of(x), 4, starts);
      const std::size_t all_taps =
          sieve.stretches(SieveTaps::all, x.data(), count, wanted, peak_of(x), 4, starts);
      EXPECT_LE(nearest, count / 200);
      EXPECT_LE(all_taps, nearest);
    }
  });
}

TEST(PeakSieve, SaysSoWhereThereIsNoRoomOrNothingToTellApart) {
  const Stages stages = all_stages().back();
  const std::size_t count = 1000;
  PeakSieve sieve(stages.first, stages.second);
  const std::vector<float> x = signals(stages, count).front();
  std::vector<std::uint32_t> starts(10, 77);
  const auto found = [&](float wanted, float greatest) {
    return sieve.stretches(SieveTaps::all, x.data(), count, wanted, greatest, 4, std::span(starts).first(9));
  };
  on_each_target([&] {
    EXPECT_EQ(found(0.5f, peak_of(x)), 10u);
    EXPECT_EQ(starts.back(), 77u);
  });
  EXPECT_EQ(found(0.0f, peak_of(x)), 10u);
  EXPECT_EQ(found(0.5f, std::numeric_limits<float>::infinity()), 10u);
  EXPECT_EQ(found(0.5f, std::numeric_limits<float>::quiet_NaN()), 10u);
  EXPECT_EQ(found(0.5f, 0.0f), 10u);
}

}  // namespace
}  // namespace gainstage
