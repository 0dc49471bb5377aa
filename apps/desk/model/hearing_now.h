// SPDX-License-Identifier: MIT
// From what stands on the desk to the ratios that are heard.
#pragma once

#include <vector>

#include "desk.h"
#include "listening.h"
#include "session/signal_flow.h"
#include "values.h"

namespace gainstage::desk {

/// A strip's ratios on the base of its stages, its VCAs in the fader, which is 0 where the session mutes it;
/// so is the trim then where sends leave before the fader.
struct StripRatios {
  double trim = 1.0;
  double fader = 1.0;
  bool operator==(const StripRatios&) const = default;
};

/// Whether a send leaves before the fader: then silence must be made in front of it.
bool has_early_send(const Strip& strip);

/// The strips and ways of a flow, without its clips: all that solo and VCAs need.
SignalFlow without_clips(const SignalFlow& flow);

/// One a strip of the flow, at these positions.
std::vector<StripRatios> ratios_of(const StageTable& table, const SignalFlow& flow, const DeskValues& values);

/// Which strips mute, solo and the walk leave to be heard. Solo is in place: what neither feeds a soloed
/// strip nor is fed by one is silent, as session/audible_strips.h has it.
std::vector<bool> audible_now(const StageTable& table, const SignalFlow& flow, const Listening& listening,
                              const std::vector<bool>& has_entered);

/// All of what the player needs, at the ratios that the desk stands at; while a comparison hears `before`, at
/// the session's own.
LiveSettings live_settings(const StageTable& table, const SignalFlow& flow,
                           const std::vector<StripRatios>& ratios, const std::vector<StripRatios>& own,
                           const Listening& listening, const std::vector<bool>& has_entered);

}  // namespace gainstage::desk
