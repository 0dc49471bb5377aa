// SPDX-License-Identifier: MIT
// When the next block of sound is due: by a clock, and by how full the leading page's buffer is.
#pragma once

#include <chrono>
#include <cstddef>

namespace gainstage::desk {

/// The page's sound card has a clock of its own. So the pace is trimmed by up to half a percent towards the
/// fill that is wanted; far off it, blocks are made at once, or left out for a while.
class Pacer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// `factor`: how much faster than real time, for load tests.
  Pacer(double frames_per_s, double block_frames, double factor = 1.0);

  void start(Time now);
  /// A page begins to lead, with an empty buffer.
  void lead_begins(double lead_ms, Time now);
  void heard(double fill_ms, Time now);

  /// The blocks that are due; they count as made. After a stall those that were missed, up to a second's.
  std::size_t due(Time now);
  /// When the next one is due.
  Time next() const;
  double trim() const { return trim_; }  ///< -0.005..0.005

 private:
  double frames_per_s() const { return frames_per_s_ * factor_ * (1.0 + trim_); }
  void owe(double ms) { owed_frames_ += ms * frames_per_s_ / 1000.0; }

  double frames_per_s_;
  double block_frames_;
  double factor_;
  double lead_ms_ = 0.0;
  double trim_ = 0.0;
  double owed_frames_ = 0.0;
  Time last_;
  Time settled_at_;  ///< Until then, reports are of what was before the last jump.
};

}  // namespace gainstage::desk
