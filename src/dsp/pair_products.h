// SPDX-License-Identifier: MIT
// Sums of products of every pair of many signals: the Gram matrix, of which the energy of any mix follows.
#pragma once

#include <cstddef>
#include <span>

namespace gainstage {

/// Pairs of `count` signals, each with itself too.
constexpr std::size_t pair_count(std::size_t count) { return count * (count + 1) / 2; }

/// Place of the pair i <= j among all of `count` signals: row by row of the upper triangle.
constexpr std::size_t pair_place(std::size_t i, std::size_t j, std::size_t count) {
  return i * count - i * (i + 1) / 2 + j;
}

/// Some of `count` signals, those that sound: where their samples begin, and which each is, in rising order.
struct SoundingRows {
  std::span<const float* const> samples;
  std::span<const std::size_t> which;
  std::size_t count = 0;
};

/// sums[pair_place(i, j, count)] += weight times the sum of x_i x_j over `frames`, for every sounding pair i
/// <= j. Up to 768 products are added up in float lanes, the rest in double. [rt]
void add_pair_products(const SoundingRows& rows, std::size_t frames, double weight,
                       std::span<double> sums) noexcept;

/// sums[t] += factor x[t]. Same lengths. [rt]
void add_scaled(std::span<double> sums, double factor, std::span<const float> x) noexcept;

}  // namespace gainstage
