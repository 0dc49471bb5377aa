// SPDX-License-Identifier: MIT
#include "mix/limiter.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <vector>

#include "mix/frame_peak.h"
#include "mix/gain_curve.h"

namespace gainstage {
namespace {

/// Detection, gain curve and delay of one pass. The gain ratio so far travels as one more delayed lane, so
/// that what comes out is the ratio of the very frame it belongs to.
class Pass {
 public:
  void prepare(Format format, double ceiling_ratio) {
    ceiling_ratio_ = ceiling_ratio;
    peaks_.prepare(format.sample_rate_hz, format.channels, static_cast<float>(ceiling_ratio));
    curve_.prepare(format.sample_rate_hz);
    lanes_ = format.channels + 1;
    delay_.resize(latency_frames() * lanes_);
    reset();
  }

  void reset() noexcept {
    peaks_.reset();
    curve_.reset();
    for (std::size_t i = 0; i < delay_.size(); ++i) delay_[i] = i % lanes_ == lanes_ - 1 ? 1.0f : 0.0f;
    position_ = 0;
    needed_before_ = 0.0;
  }

  /// One frame: the channels' samples, then the ratio. In: this frame; out: the one latency_frames() ago.
  void process(std::span<float> frame) noexcept {
    const auto peak = static_cast<double>(peaks_.push(frame.first(lanes_ - 1)));
    const double needed = peak > ceiling_ratio_ ? 1.0 - ceiling_ratio_ / peak : 0.0;
    // A peak between two frames needs its gain at both of them.
    const double ratio = 1.0 - curve_.push(std::max(needed, needed_before_));
    needed_before_ = needed;
    float* delayed = delay_.data() + position_ * lanes_;
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      const float out = delayed[lane];
      delayed[lane] = frame[lane];
      frame[lane] = static_cast<float>(static_cast<double>(out) * ratio);
    }
    position_ = position_ + 1 == latency_frames() ? 0 : position_ + 1;
  }

  std::size_t latency_frames() const noexcept { return peaks_.latency_frames() + curve_.latency_frames(); }

 private:
  FramePeak peaks_;
  GainCurve curve_;
  std::vector<float> delay_;  ///< A ring of frames.
  std::size_t lanes_ = 1;
  std::size_t position_ = 0;
  double ceiling_ratio_ = 1.0;
  double needed_before_ = 0.0;
};

}  // namespace

struct Limiter::State {
  std::array<Pass, 2> passes;
  std::vector<float> frame;
};

Limiter::Limiter() : state_(std::make_unique<State>()) {}
Limiter::Limiter(Limiter&&) noexcept = default;
Limiter& Limiter::operator=(Limiter&&) noexcept = default;
Limiter::~Limiter() = default;

void Limiter::prepare(Format format, Db ceiling) {
  for (Pass& pass : state_->passes) pass.prepare(format, to_ratio(ceiling));
  state_->frame.assign(format.channels + 1, 0.0f);
}

void Limiter::process(AudioView<float> block, std::span<float> gain_ratios) noexcept {
  std::vector<float>& frame = state_->frame;
  const std::size_t channels = frame.size() - 1;
  assert(block.channels.size() == channels && gain_ratios.size() == block.frames);
  for (std::size_t i = 0; i < block.frames; ++i) {
    for (std::size_t c = 0; c < channels; ++c) frame[c] = block.channels[c][block.first + i];
    frame[channels] = 1.0f;
    for (Pass& pass : state_->passes) pass.process(frame);
    for (std::size_t c = 0; c < channels; ++c) block.channels[c][block.first + i] = frame[c];
    gain_ratios[i] = frame[channels];
  }
}

void Limiter::reset() noexcept {
  for (Pass& pass : state_->passes) pass.reset();
}

std::size_t Limiter::latency_frames() const noexcept {
  return state_->passes[0].latency_frames() + state_->passes[1].latency_frames();
}

}  // namespace gainstage
