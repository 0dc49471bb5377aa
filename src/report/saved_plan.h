// SPDX-License-Identifier: MIT
// A plan read back from a report.json, to make its mix again to the last bit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace gainstage {

/// The gain of one track, as it is rendered.
struct SavedGain {
  std::string name;
  Db total;  ///< Minus infinity: a silent track.
};

struct SavedPlan {
  std::string version;  ///< Of the program that wrote it.
  double sample_rate_hz = 0.0;
  std::size_t channels = 0;
  std::vector<SavedGain> gains;
  RenderSettings render;
};

/// Reads the text of a report.json. `file` is named in errors, with the place in it. Gains must be finite
/// numbers within
/// +-300 dB.
Result<SavedPlan> parse_saved_plan(std::string_view json, const std::string& file);

/// The gains in the order of the session's tracks. Errors: bad_input when a track of the plan is not in the
/// session, or one of the session not in the plan, or rate and channels differ.
Result<std::vector<Db>> gains_for(const SavedPlan& plan, const Session& session, const std::string& file);

}  // namespace gainstage
