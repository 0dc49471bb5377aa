// SPDX-License-Identifier: MIT
// For tests of kernels.
#pragma once

#include <cstddef>

#include "dsp/k_weighting_hops.h"

namespace gainstage {

/// Weights that rise and fall, and differ.
inline TickWeights some_weights() {
  TickWeights weights;
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    const auto at = static_cast<float>(tick);
    weights.magnitudes[0][tick] = 0.1f * at - 0.3f;
    weights.magnitudes[1][tick] = 1.0f / (1.0f + at);
    weights.squares[0][tick] = 0.5f + at;
    weights.squares[1][tick] = 3.0f - 0.4f * at;
    weights.peaks[tick] = 0.25f + 0.07f * at;
  }
  return weights;
}

}  // namespace gainstage
