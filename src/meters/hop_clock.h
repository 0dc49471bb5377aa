// SPDX-License-Identifier: MIT
// Cuts blocks where hops end, at any sample rate and without drift.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/units.h"

namespace gainstage {

/// Hop n holds the frames from round(n rate / hops_per_second) up to the next hop's first.
class HopClock {
 public:
  HopClock() = default;
  HopClock(double sample_rate_hz, double hops_per_second)
      : frames_per_hop_(sample_rate_hz / hops_per_second) {
    reset();
  }

  void reset() noexcept {
    hop_ = 0;
    begin_ = 0;
    end_ = begin_of(1);
    position_ = 0;
  }

  Frames position() const noexcept { return position_; }             ///< Frames seen so far.
  Frames frames_in_hop() const noexcept { return end_ - begin_; }    ///< Length of the present hop.
  bool is_at_begin() const noexcept { return position_ == begin_; }  ///< Of a hop.

  /// Calls on_part(first, count) for each part of a block of `frames` that lies within one hop, and on_end()
  /// after the part that completes a hop, while frames_in_hop() still is that hop's.
  template <typename OnPart, typename OnEnd>
  void advance(std::size_t frames, OnPart on_part, OnEnd on_end) {
    std::size_t done = 0;
    while (done < frames) {
      const std::size_t count = std::min(frames - done, static_cast<std::size_t>(end_ - position_));
      if (count > 0) on_part(done, count);
      done += count;
      position_ += static_cast<Frames>(count);
      if (position_ < end_) continue;
      on_end();
      begin_ = end_;
      ++hop_;
      end_ = begin_of(hop_ + 1);
    }
  }

  /// Moves on by `frames` without a call, past any number of hops.
  void skip(std::size_t frames) noexcept {
    position_ += static_cast<Frames>(frames);
    if (position_ < end_) return;
    hop_ = static_cast<Frames>(static_cast<double>(position_) / frames_per_hop_);
    while (begin_of(hop_) > position_) --hop_;
    while (begin_of(hop_ + 1) <= position_) ++hop_;
    begin_ = begin_of(hop_);
    end_ = begin_of(hop_ + 1);
  }

 private:
  Frames begin_of(Frames hop) const noexcept {
    return std::llround(static_cast<double>(hop) * frames_per_hop_);
  }

  double frames_per_hop_ = 480.0;
  Frames hop_ = 0;
  Frames begin_ = 0;
  Frames end_ = 480;
  Frames position_ = 0;
};

}  // namespace gainstage
