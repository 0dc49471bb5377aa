// SPDX-License-Identifier: MIT
// REAPER's envelopes: points over time and what they do to the control that they belong to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session_format/reaper/reading.h"

namespace gainstage {

/// What an envelope's values are. Pan envelopes have the left at 1, mute envelopes are 1 where sound passes;
/// both are turned into our sense.
enum class EnvelopeKind { gain, pan, mute };

struct Envelope {
  Automation automation;                ///< Empty where it is not active or has no point.
  std::vector<ReaperGainPlace> values;  ///< Of a gain envelope.
  double greatest = 2.0;   ///< The range it can hold: +6, +12 or +24 dB, the least its points fit in.
  bool has_items = false;  ///< Automation items lie over it; their points are elsewhere.

  bool is_played() const { return !automation.points.empty(); }
};

Envelope read_envelope(Reading& reading, std::size_t block, EnvelopeKind kind, const std::string& strip);

/// How a track plays its envelopes (AUTOMODE, GLOBAL_AUTO).
enum class AutomationMode { bypassed, multiplies, replaces };
AutomationMode automation_mode(Reading& reading, long mode, long global_mode, const std::string& strip);

/// Makes `control`, and notes its places for `stage`, of a static value (with its place) and an envelope.
void set_control(Reading& reading, const StageRef& stage, GainControl& control, double ratio,
                 const std::optional<ReaperGainPlace>& place, const Envelope& envelope, AutomationMode mode);

}  // namespace gainstage
