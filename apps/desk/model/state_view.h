// SPDX-License-Identifier: MIT
// The desk's state as pages are shown it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "heard_levels.h"
#include "history.h"
#include "listening.h"
#include "opened_session.h"
#include "placed_plan.h"
#include "planning.h"
#include "prediction.h"
#include "state_file.h"

namespace gainstage::desk {

struct JobView {
  std::string what;
  double share = 0.0;
};

/// Everything that is looked at; what is not known yet is absent.
struct StateParts {
  std::string phase;
  std::optional<JobView> progress;
  std::optional<std::string> failure;
  const OpenedSession* opened = nullptr;
  const DeskValues& values;
  const History& history;
  const Snapshots& snapshots;
  const Listening& listening;
  const DeskPlan* plan = nullptr;
  const std::vector<StripRatios>& ratios;  ///< At the present gains.
  const std::vector<bool>& is_input_moved;
  const std::vector<StripHeard>& heard;  ///< Empty: not yet.
  const std::vector<std::optional<ClipMark>>& clips;
  const Predictor* predictor = nullptr;
  bool is_measuring_peak = false;
  const Target& target;
  const Json& transport;
  bool is_dirty = false;
  const Json& saved;
  std::optional<JobView> job;
  const std::vector<Warning>& notes;
};

Json state_json(const StateParts& parts);

}  // namespace gainstage::desk
