// SPDX-License-Identifier: MIT
#include "mix/frame_peak.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gainstage {
namespace {

constexpr std::size_t group = 16;  ///< Phases summed side by side.

}  // namespace

void FramePeak::prepare(const Interpolator& interpolator, std::size_t channels, float floor_ratio) {
  taps_ = interpolator.taps;
  phases_ = (interpolator.factor - 1 + group - 1) / group * group;
  coefficients_.assign(taps_ * phases_, 0.0f);
  double greatest_norm = 1.0;
  for (std::size_t p = 1; p < interpolator.factor; ++p) {
    const std::span<const float> taps = interpolator.phase(p);
    for (std::size_t j = 0; j < taps_; ++j) coefficients_[j * phases_ + p - 1] = taps[j];
    greatest_norm = std::max(greatest_norm, l1_norm(taps));
  }
  history_.resize(channels * 2 * taps_);
  // A little less, for the rounding of the sums.
  quiet_ratio_ = static_cast<float>(0.999 * static_cast<double>(floor_ratio) / greatest_norm);
  reset();
}

void FramePeak::reset() noexcept {
  std::fill(history_.begin(), history_.end(), 0.0f);
  position_ = 0;
  quiet_frames_ = taps_;
}

float FramePeak::push(std::span<const float> frame) noexcept {
  quiet_frames_ = std::min(quiet_frames_ + 1, taps_);
  for (std::size_t c = 0; c < frame.size(); ++c) {
    float* history = history_.data() + c * 2 * taps_;
    history[position_] = history[position_ + taps_] = frame[c];
    if (std::abs(frame[c]) > quiet_ratio_) quiet_frames_ = 0;
  }
  position_ = position_ + 1 == taps_ ? 0 : position_ + 1;
  if (quiet_frames_ >= taps_) return 0.0f;
  float greatest = 0.0f;
  for (std::size_t c = 0; c < frame.size(); ++c) {
    greatest = std::max(greatest, interpolated_peak(history_.data() + c * 2 * taps_ + position_));
  }
  return greatest;
}

float FramePeak::interpolated_peak(const float* window) const noexcept {
  float greatest = std::abs(window[taps_ / 2 - 1]);
  for (std::size_t first = 0; first < phases_; first += group) {
    std::array<float, group> sums{};
    const float* taps = coefficients_.data() + first;
    for (std::size_t j = 0; j < taps_; ++j, taps += phases_) {
      for (std::size_t p = 0; p < group; ++p) sums[p] += taps[p] * window[j];
    }
    for (const float sum : sums) greatest = std::max(greatest, std::abs(sum));
  }
  return greatest;
}

}  // namespace gainstage
