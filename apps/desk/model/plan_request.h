// SPDX-License-Identifier: MIT
// What a plan is made for: all of the desk's values that have a say in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hearing_now.h"
#include "values.h"

namespace gainstage::desk {

struct PlanRequest {
  struct OfStrip {
    std::optional<Held> held;
    std::optional<Role> role;
    bool is_locked = false;
    bool is_unmuted = false;
    bool is_raised = false;
    std::optional<std::pair<double, double>> range;
    std::string group;
    bool operator==(const OfStrip&) const = default;
  };
  std::vector<OfStrip> strips;
  std::optional<std::size_t> focus;
  ChosenTarget target;
  bool operator==(const PlanRequest&) const = default;
};

PlanRequest request_of(const DeskValues& values);

}  // namespace gainstage::desk
