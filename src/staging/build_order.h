// SPDX-License-Identifier: MIT
// In which groups, and in which order, the tracks come in.
#pragma once

#include <vector>

#include "staging/hearing.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage {

/// Everything low first and together; then a group per role, band after band as the options order them,
/// within a band by median frequency, the focus track's group first. Silent tracks come in nowhere.
std::vector<BuildStep> build_order(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                                   const StagingOptions& options);

}  // namespace gainstage
