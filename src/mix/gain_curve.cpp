// SPDX-License-Identifier: MIT
#include "mix/gain_curve.h"

#include <cmath>

namespace gainstage {
namespace {

constexpr double look_ahead_s = 0.002;
constexpr double hold_s = 0.005;
constexpr double release_s = 0.080;

}  // namespace

void GainCurve::prepare(double sample_rate_hz) {
  // Two moving averages of half the look-ahead make a triangle as long as the look-ahead.
  const auto half = static_cast<std::size_t>(std::ceil(0.5 * look_ahead_s * sample_rate_hz)) + 1;
  first_sum_.prepare(half);
  second_sum_.prepare(half);
  const auto hold = static_cast<std::size_t>(std::ceil(hold_s * sample_rate_hz));
  maximum_.prepare(latency_frames() + 1 + hold);
  release_ = std::exp(-1.0 / (release_s * sample_rate_hz));
  released_ = 0;
}

void GainCurve::reset() noexcept {
  maximum_.reset();
  first_sum_.reset();
  second_sum_.reset();
  released_ = 0;
}

double GainCurve::push(double needed_reduction) noexcept {
  // Rounded up: never less than what is needed. Released values are rounded down, so they reach 0.
  const auto needed = static_cast<Reduction>(std::ceil(needed_reduction / reduction_unit));
  const auto falling = static_cast<Reduction>(static_cast<double>(released_) * release_);
  released_ = std::max(maximum_.push(needed), falling);
  const Reduction sum = second_sum_.push(first_sum_.push(released_));
  const auto weight = static_cast<double>(first_sum_.length() * second_sum_.length());
  return static_cast<double>(sum) * reduction_unit / weight;
}

}  // namespace gainstage
