// SPDX-License-Identifier: MIT
// The method's plan for a desk on which hands have been: made around what is held, and placed on the strips.
#pragma once

#include <optional>
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

/// The session's tracks where strips that it holds muted or down keep others from the mix: their measures
/// are not those of the desk, on which such strips are open.
struct ClosedHearing {
  std::vector<std::size_t> strips;
  Session session;
  Measurements measurements;
};

/// Locked strips are as loud as they stand, and the others are set around them; the raise is then the
/// master's, so that they stay where they are. Pinned ones keep what hands gave them over or under the build,
/// and rise with it; nobody else moves for them. Evidence makes a rough mix of the plan without it and what
/// hands changed of that, which counts by evidence_keep_percent. What the session holds muted or down is left
/// out until a hand raises it, but of a session that is all down. `levels`: of a DAW's strips, else empty.
/// `closed`: kept from one plan to the next.
Result<DeskPlan> make_plan(const OpenedSession& opened, const Measurements& measurements,
                           const FlowLevels& levels, PlanRequest request, const std::vector<Target>& targets,
                           std::optional<ClosedHearing>& closed, const WorkOptions& work);

}  // namespace gainstage::desk
