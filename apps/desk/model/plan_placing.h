// SPDX-License-Identifier: MIT
// Where a plan's moves go on the desk's strips, and the walk that leads there.
#pragma once

#include <vector>

#include "opened_session.h"
#include "placed_plan.h"
#include "plan_request.h"
#include "staging/placement.h"

namespace gainstage::desk {

struct PlacedMoves {
  PlacedPlan placed;
  Placement placement;               ///< Of a DAW's session: the moves to `placed.raised`.
  std::vector<StageRef> brought_up;  ///< What the session has down, and the plan at its base and its moves.
  std::vector<Warning> notes;
};

/// `plan`: gains against the session's own, those of held tracks included. `levels`: of a DAW's strips, else
/// empty.
PlacedMoves place_on_desk(const OpenedSession& opened, const PlanRequest& request, const GainPlan& plan,
                          const FlowLevels& levels);

/// What the VCAs that are held do to a track's strip, dB.
double held_vca_db(const OpenedSession& opened, const PlanRequest& request, std::size_t strip);
/// Of the master, where it is held; else 0.
double held_master_db(const OpenedSession& opened, const PlanRequest& request);

/// The steps of the walk: bands without tracks are left out. `target`, `is_reached` and the rest are said in
/// the sentences.
std::vector<WalkStage> walk_of(const OpenedSession& opened, const GainPlan& plan,
                               const DeliveryTarget& target);

}  // namespace gainstage::desk
