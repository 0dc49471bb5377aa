// SPDX-License-Identifier: MIT
// The true peak of every single frame, for a processor that must know where it lies. Part of the limiter.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "meters/true_peak.h"

namespace gainstage {

/// Greatest magnitude, over all channels, between one frame and the next, by the meters' 16x filter.
class FramePeak {
 public:
  /// Readings at or under `floor_ratio` may come out as 0: what they are does not matter to the caller, and
  /// not computing them is most of the speed.
  void prepare(double sample_rate_hz, std::size_t channels, float floor_ratio);  // [main] allocates
  /// Takes a frame; gives the reading of the frame latency_frames() before, up to just before the one after
  /// it.
  float push(std::span<const float> frame) noexcept;  // [rt]
  void reset() noexcept;                              // [rt]
  std::size_t latency_frames() const noexcept { return latency_frames_; }

 private:
  static constexpr std::size_t lanes = 8;  ///< Sums side by side.
  /// A channel at twice its rate: samples and the values halfway. The last ones that the second stage can
  /// see.
  static constexpr std::size_t doubled_length = 10;
  struct Channel {
    std::array<float, doubled_length> doubled{};
    std::vector<float> history;  ///< The last taps of the first stage, twice, so that a window is contiguous.
  };

  void push(Channel& channel, float sample) noexcept;
  float reading(const Channel& channel) const noexcept;

  std::vector<float> halfway_taps_;  ///< The first stage's only phase.
  std::size_t second_taps_ = 0;      ///< 0: one stage is all.
  std::vector<float>
      second_;  ///< All phases of the oldest tap, of the next...; lanes of them, the rest zero.
  std::vector<Channel> channels_;
  std::size_t position_ = 0;
  std::size_t window_frames_ = 0;  ///< Samples a reading depends on.
  std::size_t latency_frames_ = 0;
  float quiet_ratio_ = 0.0f;      ///< While no sample of the window is over it, no reading is over the floor.
  std::size_t quiet_frames_ = 0;  ///< Since the last one over it, at most window_frames_.
};

}  // namespace gainstage
