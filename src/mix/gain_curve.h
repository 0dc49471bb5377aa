// SPDX-License-Identifier: MIT
// From the gain reduction each frame needs to the smooth one it gets. Part of the limiter.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gainstage {

/// A gain reduction as a whole number: 1 - gain ratio, in units of 2^-32. Sums of whole numbers are exact, so
/// a moving average neither drifts nor depends on where it began, and no reduction is exactly 0.
using Reduction = std::int64_t;
inline constexpr double reduction_unit = 1.0 / 4294967296.0;

/// The greatest of the last `window` values.
class SlidingMaximum {
 public:
  void prepare(std::size_t window) {
    window_ = static_cast<std::int64_t>(window);
    entries_.resize(window + 1);
    reset();
  }
  void reset() noexcept { first_ = count_ = 0, now_ = 0; }

  Reduction push(Reduction value) noexcept {
    while (count_ > 0 && at(count_ - 1).value <= value) --count_;
    if (count_ > 0 && at(0).time + window_ <= now_) {
      first_ = (first_ + 1) % entries_.size();
      --count_;
    }
    at(count_++) = {value, now_++};
    return at(0).value;
  }

 private:
  struct Entry {
    Reduction value = 0;
    std::int64_t time = 0;
  };
  Entry& at(std::size_t i) noexcept { return entries_[(first_ + i) % entries_.size()]; }

  std::vector<Entry> entries_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::int64_t now_ = 0;
  std::int64_t window_ = 0;
};

/// The sum of the last `length` values.
class MovingSum {
 public:
  void prepare(std::size_t length) {
    values_.resize(length);
    reset();
  }
  void reset() noexcept {
    std::fill(values_.begin(), values_.end(), 0);
    next_ = 0;
    sum_ = 0;
  }
  Reduction push(Reduction value) noexcept {
    sum_ += value - values_[next_];
    values_[next_] = value;
    next_ = next_ + 1 == values_.size() ? 0 : next_ + 1;
    return sum_;
  }
  std::size_t length() const noexcept { return values_.size(); }

 private:
  std::vector<Reduction> values_;
  std::size_t next_ = 0;
  Reduction sum_ = 0;
};

/// Look-ahead, hold, release and smoothing: the reduction given for a frame is never less than the one it
/// needs.
///
/// What comes out after a push belongs to the frame pushed latency_frames() before.
class GainCurve {
 public:
  void prepare(double sample_rate_hz);            // [main] allocates
  double push(double needed_reduction) noexcept;  // [rt] both 1 - gain ratio
  void reset() noexcept;                          // [rt]
  std::size_t latency_frames() const noexcept { return first_sum_.length() + second_sum_.length() - 2; }

 private:
  SlidingMaximum maximum_;
  MovingSum first_sum_;
  MovingSum second_sum_;
  double release_ = 0.0;  ///< Share of the reduction left after a frame.
  Reduction released_ = 0;
};

}  // namespace gainstage
