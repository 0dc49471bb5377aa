// SPDX-License-Identifier: MIT
// Sums and maxima over spans. Sums go to `sum_lanes` partial sums by place in the signal, which makes a total
// independent of how the signal was cut into blocks, and of the vectors that it was computed in.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace gainstage {

/// Sample n of a signal is added to partial sum n mod sum_lanes.
inline constexpr std::size_t sum_lanes = 8;

/// A sum over a signal that arrives in blocks. The next sample goes to lane `next`.
struct LaneSum {
  std::array<double, sum_lanes> lanes{};
  std::size_t next = 0;

  double total() const {
    return ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  }
  /// The total so far; the sum starts again at zero, the place in the signal stays.
  double take() {
    const double sum = total();
    lanes = {};
    return sum;
  }
  /// `count` zeros.
  void skip(std::size_t count) { next = (next + count) % sum_lanes; }
};

void add_squares(LaneSum& sum, std::span<const float> x) noexcept;
/// Sum of x[i] y[i]: the zero-lag covariance. Same length.
void add_products(LaneSum& sum, std::span<const float> x, std::span<const float> y) noexcept;

/// Squares of both channels and their products.
struct StereoSums {
  LaneSum left, right, product;
};
/// As add_squares() of each and add_products() of both, to the last bit, at the cost of little more than one.
void add_stereo(StereoSums& sums, std::span<const float> x, std::span<const float> y) noexcept;

/// Greatest |x|; 0 of nothing. The samples are finite.
float peak(std::span<const float> x) noexcept;

/// True when every sample is zero.
bool is_digital_silence(std::span<const float> x) noexcept;

}  // namespace gainstage
