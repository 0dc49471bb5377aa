// SPDX-License-Identifier: MIT
// A session with its stages where the desk has them: for mixing and for saving.
#pragma once

#include <vector>

#include "hearing_now.h"
#include "opened_session.h"
#include "session/session.h"
#include "staging/plan.h"
#include "values.h"

namespace gainstage::desk {

/// The session with every strip's trim and fader turned by these ratios, automation as well. A trim that is
/// the gain of all clips is turned in front of the inserts all the same.
Session session_at(const Session& session, const std::vector<StripRatios>& ratios);

/// A change of a session's stage is a finite gain: what is down is saved so far down, which no converter
/// plays.
inline constexpr double down_in_sessions_db = -144.0;

/// What a save of a DAW's session turns: one change a stage, two for strips whose trim is their clips'.
std::vector<StageChange> changes_at(const StageTable& table, const DeskValues& values);

/// Strips of which a save ends the session's mute.
std::vector<std::size_t> unmuted_at(const StageTable& table, const DeskValues& values);

/// Stems' gains in the mix, the master's among them.
std::vector<Db> stem_gains(const StageTable& table, const DeskValues& values, std::size_t tracks);

/// A plan that says where the desk stands, without a raise of its own. `made`: of which it takes what was
/// heard and said; null: none.
GainPlan plan_at(const OpenedSession& opened, const DeskValues& values,
                 const std::vector<StripRatios>& ratios, const GainPlan* made);

}  // namespace gainstage::desk
