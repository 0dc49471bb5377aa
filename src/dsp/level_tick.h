// SPDX-License-Identifier: MIT
// Short stretches of a signal summed up, so that one look at the samples serves every level meter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace gainstage {

/// What levels are made of, of one stretch of one channel. Full scale is 1.
struct LevelTick {
  float peak = 0.0f;        ///< Greatest |x|.
  double sum = 0.0;         ///< Of x.
  double magnitudes = 0.0;  ///< Sum of |x|.
  double squares = 0.0;     ///< Sum of x^2.
};

/// Whether the squares of samples as great as this are neither lost nor beyond what a float holds.
constexpr bool squares_are_floats(float peak) { return peak >= 0x1p-40f && peak <= 0x1p50f; }

/// ticks[i] sums up the next lengths[i] samples of `x`; the lengths add up to x.size(). The samples are
/// finite. Sums of products in single precision, one per vector lane, then in double: each is within 2^-20 of
/// the sum of magnitudes (of squares) for up to 768 samples, and zero only when all samples are. A tick does
/// not depend on its neighbours. [rt]
void sum_up_ticks(std::span<const float> x, std::span<const std::uint32_t> lengths,
                  std::span<LevelTick> ticks) noexcept;

}  // namespace gainstage
