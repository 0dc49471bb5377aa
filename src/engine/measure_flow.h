// SPDX-License-Identifier: MIT
// The levels at the taps of a DAW's session: what a meter at each place of the desk would show.
#pragma once

#include "engine/engine.h"
#include "staging/measurements.h"

namespace gainstage {

/// Plays the whole desk once. Errors: those of reading.
Result<FlowLevels> measure_flow(const Session& session, const MeasureOptions& options,
                                const WorkOptions& work = {});

}  // namespace gainstage
