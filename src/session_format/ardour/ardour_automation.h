// SPDX-License-Identifier: MIT
// Ardour's automation lists as curves. For ardour only.
#pragma once

#include <string>
#include <vector>

#include "session/automation.h"
#include "session_format/ardour/reading.h"

namespace gainstage::ardour {

struct ReadAutomation {
  Automation automation;
  std::vector<NumberInBytes> numbers;  ///< Of the points, as played: within the limits.
  bool is_patchable = true;
};

/// Whether the list is played back: state Play, or Touch and Latch, which play until they are touched.
bool is_playing(pugi::xml_node list);

/// At least one point: an empty list plays the control's normal value, whatever its static one is. Values
/// beyond the limits play as the limits. `usual` is the scale where the list names none.
ReadAutomation read_automation(Reading& reading, pugi::xml_node list, const Limits& limits,
                               AutomationScale usual, const std::string& strip, const std::string& what);

/// The curve as it is heard of a gain or mute: later by gain_lag_s.
Automation smoothed(Automation curve);

/// A fade's curve: a constrained cubic spline (Kruger, "Constrained Cubic Spline Interpolation") through
/// its points where it has more than two, as dense straight lines; else straight.
Automation splined(const Automation& points);

}  // namespace gainstage::ardour
