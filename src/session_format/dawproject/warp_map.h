// SPDX-License-Identifier: MIT
// A Warps element: how its content's time runs against the session's.
#pragma once

#include <optional>

#include "session_format/dawproject/automation_index.h"

namespace gainstage::dawproject {

/// Between two times of the session the content runs at one speed.
struct WarpedContent {
  Placement place;      ///< Of the content, where it runs at its own speed.
  double rate = 1.0;    ///< Content seconds per session second.
  double offset = 0.0;  ///< Content time at the first of the two times.
};

/// Absent: fewer than two warp points, or the speed changes. Speeds within 1e-5 of each other are the same,
/// as the files round their times to single precision. `place` is that of the Warps element's own time.
std::optional<WarpedContent> read_warps(ProjectReading& reading, const TempoMap& tempo, pugi::xml_node warps,
                                        const Placement& place, double begin_s, double end_s);

}  // namespace gainstage::dawproject
