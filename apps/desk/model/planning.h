// SPDX-License-Identifier: MIT
// The method's plan for a desk on which hands have been: made around what is held, and placed on the strips.
#pragma once

#include <string>
#include <vector>

#include "delivery/target.h"
#include "engine/engine.h"
#include "opened_session.h"
#include "placed_plan.h"
#include "plan_request.h"

namespace gainstage::desk {

struct DeskPlan {
  PlanRequest request;
  GainPlan plan;  ///< Of the session's tracks; gains are against the session's own.
  PlacedPlan placed;
  std::vector<Warning> notes;
  std::string report;  ///< JSON text of a dry run.
};

/// How much what hands did counts as evidence, percent of --keep-levels.
inline constexpr double evidence_keep_percent = 50.0;

/// Strips that are held at a lock are as loud as they stand, and the others are set around them; the raise is
/// then the master's, so that they stay where they are. Evidence makes a rough mix of the plan without it and
/// what hands changed of that, which counts by evidence_keep_percent. `levels`: of a DAW's strips, else
/// empty.
Result<DeskPlan> make_plan(const OpenedSession& opened, const Measurements& measurements,
                           const FlowLevels& levels, PlanRequest request, const std::vector<Target>& targets,
                           const WorkOptions& work);

}  // namespace gainstage::desk
