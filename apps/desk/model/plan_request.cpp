// SPDX-License-Identifier: MIT
#include "plan_request.h"

namespace gainstage::desk {

PlanRequest request_of(const StageTable& table, const DeskValues& values) {
  PlanRequest request;
  for (std::size_t i = 0; i < values.strips.size(); ++i) {
    const StripValues& strip = values.strips[i];
    PlanRequest::OfStrip own;
    own.held = strip.held;
    own.at = strip.held ? strip.at : own_position(table.strips[i]);
    // Evidence is what was changed, wherever the strip has gone since.
    if (strip.held && strip.held->how == Held::How::evidence) own.at = own_position(table.strips[i]);
    own.role = strip.role;
    own.is_locked = strip.is_locked;
    own.range = strip.range;
    own.group = strip.group;
    request.strips.push_back(std::move(own));
  }
  request.focus = values.common.focus;
  request.target = values.common.target;
  return request;
}

}  // namespace gainstage::desk
