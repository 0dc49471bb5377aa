// SPDX-License-Identifier: MIT
// Stages of a DAW's session that are down: at minus infinity all the time, from where no gain leads up.
#pragma once

#include <span>
#include <vector>

#include "session/session.h"
#include "session/signal_flow.h"

namespace gainstage {

/// Whether a stage that can be written is at minus infinity, its automation and all. One that gets there for
/// a while only is not.
bool is_down(const GainControl& control);

/// From where gains of a stage are told that is down: 0 dB, or as far as it goes where that is less.
Db base_of(const GainControl& control);

/// Trims, faders, VCAs and the master that are down.
std::vector<StageRef> down_stages(const SignalFlow& flow);

/// Puts these at their base.
void bring_up(SignalFlow& flow, std::span<const StageRef> stages);

/// Puts these back where another flow, of the same session, has them.
void take_stages_of(SignalFlow& flow, const SignalFlow& other, std::span<const StageRef> stages);

/// Changes of a flow in which these were brought up, as changes of the session in which they are down: one
/// of each of them.
std::vector<StageChange> from_base(std::vector<StageChange> changes, std::span<const StageRef> stages,
                                   const SignalFlow& flow);

/// Whether every way of sound to the mix leads through one of these stages: then nothing is heard but for
/// them. `session`: with the stages brought up; false where nothing is heard even so.
bool do_silence_all(const Session& session, std::span<const StageRef> stages);

}  // namespace gainstage
