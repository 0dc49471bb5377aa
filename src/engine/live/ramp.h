// SPDX-License-Identifier: MIT
// A gain that goes straight to where it was sent. Internal to the room.
#pragma once

#include <algorithm>

#include "base/units.h"

namespace gainstage {

/// Its value at a frame does not depend on how the frames were cut into blocks.
class Ramp {
 public:
  Ramp() = default;
  explicit Ramp(double value) { set(value); }

  void set(double value) noexcept {
    from_ = to_ = value;
    done_ = total_ = 0;
  }
  /// Reaches `value` after `frames`.
  void go(double value, Frames frames) noexcept {
    from_ = at(0);
    to_ = value;
    done_ = 0;
    total_ = frames;
  }
  bool is_moving() const noexcept { return done_ < total_; }
  double end() const noexcept { return to_; }
  double now() const noexcept { return at(0); }
  /// `frame` frames from here.
  double at(Frames frame) const noexcept {
    const Frames place = done_ + frame;
    if (place >= total_) return to_;
    return from_ + (to_ - from_) * static_cast<double>(place) / static_cast<double>(total_);
  }
  void advance(Frames frames) noexcept { done_ = std::min(total_, done_ + frames); }

 private:
  double from_ = 1.0;
  double to_ = 1.0;
  Frames done_ = 0;
  Frames total_ = 0;
};

}  // namespace gainstage
