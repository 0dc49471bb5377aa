// SPDX-License-Identifier: MIT
// K-weighting of many hops at once: each hop of each channel is a lane of a vector.
#pragma once

#include <cstddef>
#include <span>

#include "dsp/k_weighting_plan.h"

namespace gainstage {

/// Some samples of one channel within a hop, for the kernels below.
struct KWeightingLane {
  const float* in = nullptr;
  std::size_t frames = 0;
  float* out = nullptr;  ///< The filtered samples; `in` itself will do. Null, in every lane of a call: none.
  KWeightingMemory* memory = nullptr;  ///< Of the channel; for begin_hops().
  KWeightingRun run;                   ///< Where the samples begin; afterwards, where they end.
  double sum = 0.0;                    ///< Afterwards: squares of the filtered samples.
};

/// For lanes that are whole hops: sets each `run` to the beginning of its hop and takes its `memory` to the
/// end. Hops of one channel come in their order. [rt]
void begin_hops(const KWeightingPlan& plan, std::span<KWeightingLane> lanes) noexcept;

/// Filters the samples of every lane. Up to 512 squares are added up in single precision, the rest in double.
/// A lane's result does not depend on the others, to the last bit. [rt]
void run_lanes(const KWeightingPlan& plan, std::span<KWeightingLane> lanes) noexcept;

}  // namespace gainstage
