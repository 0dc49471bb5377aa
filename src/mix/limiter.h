// SPDX-License-Identifier: MIT
// A look-ahead true-peak limiter: nothing at all below its ceiling, a smooth gain above it.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/audio_view.h"
#include "base/units.h"

namespace gainstage {

/// Keeps the true peak at or under a ceiling with one gain for all channels.
///
/// Detection runs on the meters' own 16x filter. The gain starts to fall 2 ms before a peak, along a
/// triangle-smoothed curve, holds for 5 ms and recovers with a time constant of 80 ms. A moving gain makes
/// small new peaks between the samples of very bright material, so a second stage of the same kind takes what
/// the first leaves over.
///
/// Laws: the output does not depend on how the signal is cut into blocks; while nothing has exceeded the
/// ceiling, output samples equal input samples, latency_frames() later; reset() equals a fresh limiter.
class Limiter {
 public:
  Limiter();
  Limiter(Limiter&&) noexcept;
  Limiter& operator=(Limiter&&) noexcept;
  ~Limiter();

  void prepare(Format format, Db ceiling);  // [main] allocates
  /// In place; samples must be finite. `gain_ratios` is as long as the block and gets what each frame of the
  /// output was multiplied by, 1 where nothing was done.
  void process(AudioView<float> block, std::span<float> gain_ratios) noexcept;  // [rt]
  void reset() noexcept;                                                        // [rt]
  std::size_t latency_frames() const noexcept;                                  // [any]

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gainstage
