// SPDX-License-Identifier: MIT
// Beats (quarter notes) to seconds and back, by a tempo that may move.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"

namespace gainstage::dawproject {

enum class TimeUnit { beats, seconds };

struct TempoPoint {
  double time = 0.0;  ///< In the map's unit.
  double bpm = 120.0;
  bool is_ramp = false;  ///< Straight to the next point, over the map's unit; else it holds.
};

/// Before the first point its tempo holds, and the last one's for ever. Beat 0 is second 0.
class TempoMap {
 public:
  TempoMap() : TempoMap(120.0) {}
  explicit TempoMap(double bpm);

  /// Points by rising time; equal times: a jump. Fails where a tempo lies outside of 0.001 to 1,000,000 bpm.
  static Result<TempoMap> read(std::span<const TempoPoint> points, TimeUnit unit);

  double seconds(double beats) const;
  double beats(double seconds) const;

  /// Beats between which beats and seconds run in step: the points, and fifteen places along each ramp,
  /// between which a straight line is near enough.
  const std::vector<double>& knots() const { return knots_; }

 private:
  struct Segment {
    double beat = 0.0;
    double second = 0.0;
    double bpm = 120.0;
    double slope = 0.0;  ///< bpm per beat or per second, by `unit`.
    TimeUnit unit = TimeUnit::beats;
  };
  const Segment& segment_of_beat(double beat) const;
  const Segment& segment_of_second(double second) const;

  std::vector<Segment> segments_;
  std::vector<double> knots_;
};

}  // namespace gainstage::dawproject
