// SPDX-License-Identifier: MIT
// The true peak of every single frame, for a processor that must know where it lies. Part of the limiter.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dsp/interpolator.h"

namespace gainstage {

/// Greatest magnitude, over all channels, between one frame and the next.
class FramePeak {
 public:
  /// Readings at or under `floor_ratio` may come out as 0: what they are does not matter to the caller, and
  /// not computing them is most of the speed.
  void prepare(const Interpolator& interpolator, std::size_t channels,
               float floor_ratio);  // [main] allocates
  /// Takes a frame; gives the reading of the frame latency_frames() before, up to just before the one after
  /// it.
  float push(std::span<const float> frame) noexcept;  // [rt]
  void reset() noexcept;                              // [rt]
  std::size_t latency_frames() const noexcept { return taps_ / 2; }

 private:
  float interpolated_peak(const float* window) const noexcept;

  std::size_t taps_ = 0;
  std::size_t phases_ = 0;           ///< Filtered ones, rounded up; the rest are zero.
  std::vector<float> coefficients_;  ///< All phases of the oldest tap, of the next...
  std::vector<float>
      history_;  ///< By channel: the last `taps_` samples twice, so that a window is contiguous.
  std::size_t position_ = 0;
  float quiet_ratio_ = 0.0f;      ///< While no sample of the window is over it, no reading is over the floor.
  std::size_t quiet_frames_ = 0;  ///< Since the last one over it, at most taps_.
};

}  // namespace gainstage
