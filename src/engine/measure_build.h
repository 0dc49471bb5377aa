// SPDX-License-Identifier: MIT
// The master while its tracks come in, measured in one pass. Internal to the room.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "engine/engine.h"
#include "session/session.h"
#include "staging/measurements.h"

namespace gainstage {

/// The mix after each step: steps[i] are the tracks that enter, those of the steps before stay. Tracks
/// without a step are not in the mix. The order of the additions is that of the steps.
Result<std::vector<MixMeasurements>> measure_build(const Session& session,
                                                   const std::vector<std::vector<std::size_t>>& steps,
                                                   const std::vector<Db>& gains,
                                                   const MeasureOptions& options,
                                                   const WorkOptions& work = {});

struct LimitedMix {
  MixMeasurements mix;
  Db strictest_true_peak{silent_db};  ///< The greatest reading of all true-peak filters.
};

/// The whole mix behind a limiter.
Result<LimitedMix> measure_limited(const Session& session, const std::vector<Db>& gains, Db ceiling,
                                   const MeasureOptions& options, const WorkOptions& work = {});

/// The tracks that push the mix where it peaks, within 50 ms of `seconds`: those whose samples have the
/// peak's sign, loudest first.
Result<std::vector<std::size_t>> tracks_at(const Session& session, const std::vector<Db>& gains,
                                           double seconds);

}  // namespace gainstage
