// SPDX-License-Identifier: MIT
// So many a second, and a burst now and then.
#pragma once

#include <algorithm>
#include <chrono>

namespace gainstage::desk {

class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RateLimit(double per_second, double burst) : per_second_(per_second), burst_(burst), left_(burst) {}

  /// False when there is none left at `now`.
  bool take(Time now) {
    const double passed_s = std::chrono::duration<double>(now - last_).count();
    if (is_begun_) left_ = std::min(burst_, left_ + std::max(0.0, passed_s) * per_second_);
    is_begun_ = true;
    last_ = now;
    if (left_ < 1.0) return false;
    left_ -= 1.0;
    return true;
  }

 private:
  double per_second_;
  double burst_;
  double left_;
  bool is_begun_ = false;
  Time last_;
};

}  // namespace gainstage::desk
