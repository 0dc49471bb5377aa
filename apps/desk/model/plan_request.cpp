// SPDX-License-Identifier: MIT
#include "plan_request.h"

namespace gainstage::desk {

PlanRequest request_of(const DeskValues& values) {
  PlanRequest request;
  for (std::size_t i = 0; i < values.strips.size(); ++i) {
    const StripValues& strip = values.strips[i];
    PlanRequest::OfStrip own;
    own.held = strip.held;
    own.role = strip.role;
    own.is_locked = strip.is_locked;
    own.is_unmuted = strip.is_unmuted;
    own.is_raised = strip.is_raised;
    own.range = strip.range;
    own.group = strip.group;
    request.strips.push_back(std::move(own));
  }
  request.focus = values.common.focus;
  request.target = values.common.target;
  return request;
}

}  // namespace gainstage::desk
