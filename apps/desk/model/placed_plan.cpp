// SPDX-License-Identifier: MIT
#include "placed_plan.h"

#include <algorithm>
#include <cmath>

namespace gainstage::desk {
namespace {

/// On the way from the session's own place to the plan's; each end exactly.
double on_the_way(double own_db, double planned_db, double percent) {
  if (percent <= 0.0) return own_db;
  if (percent >= 100.0) return planned_db;
  if (!std::isfinite(planned_db)) return own_db;
  // From silence the way is straight in amplitude: nothing lies in the middle of minus infinity and a gain.
  if (!std::isfinite(own_db)) return planned_db + to_db(percent / 100.0).value;
  return own_db + (planned_db - own_db) * (percent / 100.0);
}

}  // namespace

const WalkStage* PlacedPlan::find(WalkStep step) const {
  const auto found = std::ranges::find(steps, step, &WalkStage::step);
  return found == steps.end() ? nullptr : &*found;
}

Position followed(const DeskStrip& strip, std::size_t index, const PlacedPlan* plan, const Common& common) {
  const Position own = own_position(strip);
  if (!plan) return own;
  if (common.step == WalkStep::raise) return plan->raised[index];
  if (common.step) return plan->before_raise[index];
  const Position& planned = plan->raised[index];
  return {on_the_way(own.trim_db, planned.trim_db, common.strength_percent),
          on_the_way(own.fader_db, planned.fader_db, common.strength_percent)};
}

bool can_follow(const PlacedPlan* plan, const Common& common) {
  return plan || (!common.step && common.strength_percent <= 0.0);
}

void settle(const StageTable& table, const PlacedPlan* plan, DeskValues& values) {
  if (!can_follow(plan, values.common)) return;
  for (std::size_t i = 0; i < values.strips.size(); ++i) {
    if (follows(values.strips[i])) values.strips[i].at = followed(table.strips[i], i, plan, values.common);
  }
}

std::vector<bool> entered(const StageTable& table, const PlacedPlan* plan, const Common& common) {
  std::vector<bool> is_in(table.strips.size(), true);
  if (!plan || !common.step) return is_in;
  for (const WalkStage& stage : plan->steps) {
    if (stage.step <= *common.step) continue;
    for (const std::size_t strip : stage.strips) is_in[strip] = false;
  }
  return is_in;
}

}  // namespace gainstage::desk
