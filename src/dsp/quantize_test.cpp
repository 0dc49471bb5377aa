// SPDX-License-Identifier: MIT
// Against one sample at a time, at every length and place, on every target.
#include "dsp/quantize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "dsp/each_target.h"

namespace gainstage {
namespace {

struct Quantized {
  std::int32_t value;
  bool is_clipped;
};

Quantized scalar_twin(float sample, int bits, const std::optional<TriangularNoise>& noise, std::size_t i) {
  const long long greatest = (1LL << (bits - 1)) - 1;
  const auto rounded = [](double x) { return std::llrint(std::clamp(x, -0x1p48, 0x1p48)); };
  const double scaled = std::ldexp(static_cast<double>(sample), bits - 1);
  double added = 0.0;
  if (noise) {
    const std::uint64_t random = scramble(noise->seed + (noise->first_frame + i + 1) * golden_gamma);
    const auto upper = static_cast<std::int64_t>(random >> 32);
    const auto lower = static_cast<std::int64_t>(random & 0xffffffffu);
    added = std::ldexp(static_cast<double>(upper - lower), -32);
  }
  const long long value = std::clamp(rounded(scaled + added), -greatest - 1, greatest);
  const bool is_clipped = rounded(scaled) > greatest || rounded(scaled) < -greatest - 1;
  return {static_cast<std::int32_t>(value * (1LL << (32 - bits))), is_clipped};
}

/// Noise, halves between two integers, full scale, and far beyond.
std::vector<float> difficult_samples(std::size_t count, int bits, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform(-1.1f, 1.1f);
  const auto lsb = static_cast<float>(std::ldexp(1.0, 1 - bits));
  const float odd[] = {1.0f, -1.0f, 0.5f * lsb, 1.5f * lsb, -2.5f * lsb, std::numeric_limits<float>::max(),
                       0.0f, -0.0f, 1.0f - lsb, 1e12f,      -1e20f,      std::numeric_limits<float>::min()};
  std::vector<float> samples(count);
  for (float& sample : samples) {
    sample = random() % 3 == 0 ? odd[random() % std::size(odd)] : uniform(random);
  }
  return samples;
}

TEST(Quantize, IsOneSampleAfterAnotherAtEveryLengthAndPlace) {
  on_each_target([] {
    for (const int bits : {8, 16, 24}) {
      for (const auto& noise : {std::optional<TriangularNoise>{}, std::optional(TriangularNoise{77, 0}),
                                std::optional(TriangularNoise{scramble(3), (1ull << 40) + 5})}) {
        for (std::size_t count = 0; count <= 70; ++count) {
          for (const std::size_t place : {0u, 1u, 3u}) {
            const std::vector<float> samples = difficult_samples(place + count, bits, 9);
            std::vector<std::int32_t> out(place + count + 1, 12345);
            const std::size_t clipped = quantize(std::span(samples).subspan(place), bits, noise,
                                                 std::span(out).subspan(place, count));
            std::size_t expected_clipped = 0;
            for (std::size_t i = 0; i < count; ++i) {
              const Quantized expected = scalar_twin(samples[place + i], bits, noise, i);
              ASSERT_EQ(out[place + i], expected.value)
                  << samples[place + i] << " at " << i << " of " << count;
              expected_clipped += expected.is_clipped ? 1 : 0;
            }
            ASSERT_EQ(clipped, expected_clipped);
            ASSERT_EQ(out[place + count], 12345);
            if (place > 0) {
              ASSERT_EQ(out[place - 1], 12345);
            }
          }
        }
      }
    }
  });
}

TEST(Quantize, FindsTheFirstSampleOffTheGridAnywhere) {
  on_each_target([] {
    for (const int bits : {8, 16, 24}) {
      const auto lsb = static_cast<float>(std::ldexp(1.0, 1 - bits));
      for (std::size_t count = 0; count <= 50; ++count) {
        std::mt19937 random(static_cast<unsigned>(count));
        std::vector<float> samples(count + 1);
        for (float& sample : samples)
          sample = lsb * static_cast<float>(static_cast<int>(random() % 512) - 256);
        const std::span<const float> inner = std::span<const float>(samples).subspan(1);
        ASSERT_EQ(samples_on_grid(inner, bits), count);
        for (std::size_t i = 0; i < count; ++i) {
          const float before = samples[1 + i];
          for (const float off : {0.25f * lsb, -(3.5f * lsb), 1e30f}) {
            samples[1 + i] = off;
            ASSERT_EQ(samples_on_grid(inner, bits), i);
          }
          samples[1 + i] = before;
        }
      }
    }
  });
}

}  // namespace
}  // namespace gainstage
