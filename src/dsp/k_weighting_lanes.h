// SPDX-License-Identifier: MIT
// K-weighting of parts of hops: each of a channel is a lane of a vector.
#pragma once

#include <cstddef>
#include <span>

#include "dsp/k_weighting_plan.h"

namespace gainstage {

/// Some samples of one channel within a hop.
struct KWeightingLane {
  const float* in = nullptr;
  std::size_t frames = 0;
  float* out = nullptr;  ///< The filtered samples; `in` itself will do.
  KWeightingRun run;     ///< Where the samples begin; afterwards, where they end.
};

/// Filters the samples of every lane. A lane's result does not depend on the others nor on how its hop was
/// cut, to the last bit, and is that of run_hops(). A run that goes on after its hop has no echoes there.
/// [rt]
void run_lanes(const KWeightingPlan& plan, std::span<KWeightingLane> lanes) noexcept;

}  // namespace gainstage
