// SPDX-License-Identifier: MIT
// A control that moves by itself: points over time, and how the value runs between them.
#pragma once

#include <cstddef>
#include <vector>

namespace gainstage {

/// The scale on which a curve runs straight between two points. The value itself is always in the control's
/// own unit: an amplitude ratio for gains, -1 .. 1 for pans, 0 or 1 for mutes.
enum class AutomationScale {
  value,         ///< In the unit itself: amplitude for a gain.
  decibels,      ///< Of an amplitude; a point at zero is taken as the format takes it.
  ardour_fader,  ///< Ardour's fader position: ((6 log2 g + 192) / 198)^8, greatest gain 2.
  reaper_fader,  ///< REAPER's VOLTYPE 1.
};

/// From a point to the next one. REAPER's shapes 0 to 5; the other formats have the first two.
enum class AutomationShape { linear, hold, slow_start_end, fast_start, fast_end, bezier };

struct AutomationPoint {
  double seconds = 0.0;  ///< From the session's start; within a clip from the clip's start.
  double value = 0.0;
  AutomationShape shape = AutomationShape::linear;  ///< Of the way to the next point.
  double tension = 0.0;                             ///< Of a bezier, -1 .. 1.
};

/// Invariants: points are finite and in rising order of time (equal times: a jump, the last one counts from
/// there on); at least one. Before the first and after the last point the value stands still.
struct Automation {
  AutomationScale scale = AutomationScale::value;
  std::vector<AutomationPoint> points;

  double value_at(double seconds) const;  // [any]
  /// Whether the value changes between a point and the next one, other than by a jump at the next.
  bool moves_after(std::size_t point) const;  // [any]
};

}  // namespace gainstage
