// SPDX-License-Identifier: MIT
#include "dsp/level_tick.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "dsp/each_target.h"

namespace gainstage {
namespace {

LevelTick by_definition(std::span<const float> x) {
  LevelTick tick;
  for (const float sample : x) {
    const double value = sample;
    tick.peak = std::max(tick.peak, std::abs(sample));
    tick.sum += value;
    tick.magnitudes += std::abs(value);
    tick.squares += value * value;
  }
  return tick;
}

void expect_near(const LevelTick& tick, const LevelTick& expected) {
  constexpr double rounding = 0x1p-20;
  EXPECT_EQ(tick.peak, expected.peak);
  EXPECT_NEAR(tick.sum, expected.sum, rounding * expected.magnitudes);
  EXPECT_NEAR(tick.magnitudes, expected.magnitudes, rounding * expected.magnitudes);
  EXPECT_NEAR(tick.squares, expected.squares, rounding * expected.squares);
}

/// Noise between two samples that any sum would show.
std::vector<float> guarded_noise(std::size_t count, std::size_t before, float scale = 1.0f) {
  std::mt19937 random(static_cast<unsigned>(count));
  std::uniform_real_distribution<float> sample(-scale, scale);
  std::vector<float> x(before + count + 1, 1e30f);
  for (std::size_t i = 0; i < count; ++i) x[before + i] = sample(random);
  return x;
}

TEST(LevelTick, IsThatOfAPlainLoopAtEveryLengthAndAlignmentOnEveryTarget) {
  on_each_target([] {
    for (std::uint32_t length = 1; length <= 100; ++length) {
      for (std::size_t before = 1; before <= 8; ++before) {
        const std::vector<float> x = guarded_noise(length, before);
        const std::span<const float> samples = std::span(x).subspan(before, length);
        std::vector<LevelTick> ticks(3, LevelTick{7.0f, 7.0, 7.0, 7.0});
        sum_up_ticks(samples, {&length, 1}, std::span(ticks).subspan(1, 1));
        expect_near(ticks[1], by_definition(samples));
        EXPECT_EQ(ticks[0].sum, 7.0);
        EXPECT_EQ(ticks[2].sum, 7.0);
      }
    }
  });
}

TEST(LevelTick, OfARowIsEachByItself) {
  on_each_target([] {
    const std::vector<std::uint32_t> lengths{44, 45, 1, 48, 7, 16, 384, 768, 33};
    std::size_t total = 0;
    for (const std::uint32_t length : lengths) total += length;
    const std::vector<float> x = guarded_noise(total, 0);
    std::vector<LevelTick> ticks(lengths.size());
    sum_up_ticks(std::span(x).first(total), lengths, ticks);
    std::size_t first = 0;
    for (std::size_t t = 0; t < lengths.size(); ++t) {
      const std::span<const float> samples = std::span(x).subspan(first, lengths[t]);
      LevelTick alone;
      sum_up_ticks(samples, std::span(lengths).subspan(t, 1), {&alone, 1});
      EXPECT_EQ(ticks[t].peak, alone.peak) << t;
      EXPECT_EQ(ticks[t].sum, alone.sum) << t;
      EXPECT_EQ(ticks[t].magnitudes, alone.magnitudes) << t;
      EXPECT_EQ(ticks[t].squares, alone.squares) << t;
      expect_near(alone, by_definition(samples));
      first += lengths[t];
    }
  });
}

TEST(LevelTick, HoldsTheSquaresOfAnyFiniteSample) {
  on_each_target([] {
    for (const float scale : {1e-44f, 1e-38f, 1e-25f, 1e-13f, 1e-12f, 1e-11f, 1e15f, 1e16f, 1e30f, 1e38f}) {
      const std::uint32_t length = 50;
      const std::vector<float> x = guarded_noise(length, 0, scale);
      LevelTick tick;
      sum_up_ticks(std::span(x).first(length), {&length, 1}, {&tick, 1});
      expect_near(tick, by_definition(std::span(x).first(length)));
      EXPECT_GT(tick.squares, 0.0) << scale;
      EXPECT_TRUE(std::isfinite(tick.squares)) << scale;
    }
  });
}

TEST(LevelTick, OfSilenceIsZero) {
  on_each_target([] {
    std::vector<float> x(100, 0.0f);
    std::fill(x.begin(), x.begin() + 50, -0.0f);
    const std::uint32_t length = 100;
    LevelTick tick{1.0f, 1.0, 1.0, 1.0};
    sum_up_ticks(x, {&length, 1}, {&tick, 1});
    EXPECT_TRUE(tick.peak == 0.0f && tick.sum == 0.0 && tick.magnitudes == 0.0 && tick.squares == 0.0);
  });
}

}  // namespace
}  // namespace gainstage
