// SPDX-License-Identifier: MIT
#include "dsp/pair_products.h"

#include <gtest/gtest.h>

#include <vector>

#include "dsp/each_target.h"
#include "dsp/test_noise.h"

namespace gainstage {
namespace {

double product(std::span<const float> x, std::span<const float> y) {
  double sum = 0.0;
  for (std::size_t t = 0; t < x.size(); ++t) sum += static_cast<double>(x[t]) * static_cast<double>(y[t]);
  return sum;
}

/// Every second of `count` signals sounds, or all.
void expect_products(std::size_t count, std::size_t frames, std::size_t step) {
  std::vector<std::vector<float>> signals;
  for (std::size_t i = 0; i < count; ++i) signals.push_back(noise(frames + 3, static_cast<unsigned>(i)));
  std::vector<const float*> samples;
  std::vector<std::size_t> which;
  for (std::size_t i = 0; i < count; i += step) {
    samples.push_back(signals[i].data() + i % 3);  // Every alignment.
    which.push_back(i);
  }
  constexpr double before = 5.0;
  std::vector<double> sums(pair_count(count) + 1, before);
  add_pair_products({samples, which, count}, frames, 0.5, std::span(sums).first(pair_count(count)));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i; j < count; ++j) {
      const bool sounds = i % step == 0 && j % step == 0;
      const double expected =
          sounds ? 0.5 * product({signals[i].data() + i % 3, frames}, {signals[j].data() + j % 3, frames})
                 : 0.0;
      ASSERT_NEAR(sums[pair_place(i, j, count)] - before, expected, 1e-5 + 5e-7 * static_cast<double>(frames))
          << i << ", " << j << " of " << count;
    }
  }
  EXPECT_EQ(sums.back(), before);
}

TEST(PairProducts, PlacesAreTheUpperTriangleRowByRow) {
  for (std::size_t count : {1, 2, 5, 64}) {
    std::size_t place = 0;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = i; j < count; ++j) EXPECT_EQ(pair_place(i, j, count), place++);
    }
    EXPECT_EQ(place, pair_count(count));
  }
}

TEST(PairProducts, AreThoseByDefinitionForEveryCountOnEveryTarget) {
  on_each_target([] {
    for (std::size_t count = 1; count <= 13; ++count) {
      expect_products(count, 100, 1);
      expect_products(count, 37, 2);
    }
  });
}

TEST(PairProducts, AreThoseByDefinitionForEveryLengthOnEveryTarget) {
  on_each_target([] {
    for (std::size_t frames = 0; frames <= 70; ++frames) expect_products(5, frames, 1);
    for (std::size_t frames : {767, 768, 769, 2000}) expect_products(6, frames, 1);
  });
}

TEST(AddScaled, AddsEveryLengthOnEveryTarget) {
  on_each_target([] {
    for (std::size_t count = 0; count <= 40; ++count) {
      const std::vector<float> x = noise(count, 9);
      std::vector<double> sums(count + 2, 2.0);
      add_scaled(std::span(sums).subspan(1, count), -0.25, x);
      for (std::size_t t = 0; t < count; ++t)
        EXPECT_DOUBLE_EQ(sums[t + 1], 2.0 - 0.25 * static_cast<double>(x[t]));
      EXPECT_TRUE(sums.front() == 2.0 && sums.back() == 2.0);
    }
  });
}

}  // namespace
}  // namespace gainstage
