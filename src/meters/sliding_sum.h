// SPDX-License-Identifier: MIT
// The sum of the last values of a stream.
#pragma once

#include <array>
#include <cstddef>

namespace gainstage {

/// Sum of the last `window` values; zeros came before the first.
///
/// Nothing is ever taken off a sum: it neither drifts nor leaves a rest where only zeros are. Values are
/// taken in rounds of `window`; a sum is that of the present round so far and that of the end of the last
/// one, whose every end is added up when it is over. A value costs one addition, and one more at the end of
/// its round.
template <std::size_t window>
class SlidingSum {
 public:
  void reset() noexcept { *this = {}; }

  double push(double value) noexcept {
    round_ += value;
    values_[count_++] = value;
    if (count_ < window) return round_ + values_[count_];
    for (std::size_t i = window - 1; i-- > 0;) values_[i] += values_[i + 1];
    count_ = 0;
    const double sum = round_;
    round_ = 0.0;
    return sum;
  }

 private:
  /// Up to count_: values of the present round. From there on: sums of the ends of the last one.
  std::array<double, window> values_{};
  std::size_t count_ = 0;
  double round_ = 0.0;  ///< Sum of the present round.
};

}  // namespace gainstage
