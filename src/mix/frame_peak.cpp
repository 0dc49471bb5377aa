// SPDX-License-Identifier: MIT
#include "mix/frame_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {
namespace {

constexpr std::size_t second_half_width = 4;

/// Sum of taps[j] x[j]; a multiple of 8 of them.
float dot(std::span<const float> taps, const float* x) noexcept {
  std::array<float, 8> sums{};
  for (std::size_t j = 0; j < taps.size(); j += sums.size()) {
    for (std::size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += taps[j + lane] * x[j + lane];
  }
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace

void FramePeak::prepare(double sample_rate_hz, std::size_t channels, float floor_ratio) {
  const InterpolatorStages stages = true_peak_stages(TruePeakFilter::oversampled_16x, sample_rate_hz);
  const Interpolator whole = cascade(stages.first, stages.second);
  assert(stages.first.factor == 2 && stages.first.taps % 8 == 0);
  assert(stages.second.factor == 1 || stages.second.taps == 2 * second_half_width);
  assert(stages.second.factor - 1 <= lanes);
  halfway_taps_.assign(stages.first.phase(1).begin(), stages.first.phase(1).end());
  second_taps_ = stages.second.factor == 1 ? 0 : stages.second.taps;
  second_.assign(second_taps_ * lanes, 0.0f);
  for (std::size_t p = 1; p < stages.second.factor; ++p) {
    for (std::size_t j = 0; j < second_taps_; ++j) second_[j * lanes + p - 1] = stages.second.phase(p)[j];
  }
  // The second stage looks 4 half-frames ahead.
  latency_frames_ = halfway_taps_.size() / 2 + second_half_width / 2;
  window_frames_ = halfway_taps_.size() + second_half_width;

  double greatest_norm = 1.0;
  for (std::size_t p = 1; p < whole.factor; ++p)
    greatest_norm = std::max(greatest_norm, l1_norm(whole.phase(p)));
  // A little less, for the rounding of the sums.
  quiet_ratio_ = static_cast<float>(0.999 * static_cast<double>(floor_ratio) / greatest_norm);
  channels_.resize(channels);
  for (Channel& channel : channels_) channel.history.resize(2 * halfway_taps_.size());
  reset();
}

void FramePeak::reset() noexcept {
  for (Channel& channel : channels_) {
    channel.doubled.fill(0.0f);
    std::fill(channel.history.begin(), channel.history.end(), 0.0f);
  }
  position_ = 0;
  quiet_frames_ = window_frames_;
}

float FramePeak::push(std::span<const float> frame) noexcept {
  quiet_frames_ = std::min(quiet_frames_ + 1, window_frames_);
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    push(channels_[c], frame[c]);
    if (std::abs(frame[c]) > quiet_ratio_) quiet_frames_ = 0;
  }
  position_ = position_ + 1 == halfway_taps_.size() ? 0 : position_ + 1;
  if (quiet_frames_ >= window_frames_) return 0.0f;
  float greatest = 0.0f;
  for (const Channel& channel : channels_) greatest = std::max(greatest, reading(channel));
  return greatest;
}

void FramePeak::push(Channel& channel, float sample) noexcept {
  const std::size_t taps = halfway_taps_.size();
  channel.history[position_] = channel.history[position_ + taps] = sample;
  const float* window = channel.history.data() + position_ + 1;  // Oldest first.
  std::copy(channel.doubled.begin() + 2, channel.doubled.end(), channel.doubled.begin());
  channel.doubled[doubled_length - 2] = window[taps / 2 - 1];
  channel.doubled[doubled_length - 1] = dot(halfway_taps_, window);
}

float FramePeak::reading(const Channel& channel) const noexcept {
  // The frame of the reading, and the value halfway to the next.
  constexpr std::size_t here = doubled_length - 2 - second_half_width;
  float greatest = std::max(std::abs(channel.doubled[here]), std::abs(channel.doubled[here + 1]));
  if (second_taps_ == 0) return greatest;
  for (std::size_t half = 0; half < 2; ++half) {
    const float* window = channel.doubled.data() + here + half + 1 - second_half_width;
    std::array<float, lanes> sums{};
    for (std::size_t j = 0; j < 2 * second_half_width; ++j) {
      for (std::size_t p = 0; p < lanes; ++p) sums[p] += second_[j * lanes + p] * window[j];
    }
    for (const float sum : sums) greatest = std::max(greatest, std::abs(sum));
  }
  return greatest;
}

}  // namespace gainstage
