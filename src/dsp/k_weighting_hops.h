// SPDX-License-Identifier: MIT
// K-weighting of whole hops of 10 ms, many at once, and what else one look at their samples tells.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "dsp/k_weighting_plan.h"

namespace gainstage {

/// What the samples of a hop of one channel are for the meters of level and of true peak. Full scale is 1.
struct HopLevels {
  struct Tick {
    float peak = 0.0f;        ///< Greatest |x|.
    float sum = 0.0f;         ///< Of x.
    float magnitudes = 0.0f;  ///< Sum of |x|.
    float squares = 0.0f;     ///< Sum of x^2.
  };
  std::array<Tick, ticks_per_hop> ticks{};
  float peak = 0.0f;  ///< Greatest |x|.
  float bend = 0.0f;  ///< Greatest |x - 2 x' + x''| that ends in the hop.

  double squares() const {  ///< Of the hop. Infinite where those of a tick are too great for single precision.
    double sum = 0.0;
    for (const Tick& tick : ticks) sum += static_cast<double>(tick.squares);
    return sum;
  }
};

/// A hop of one channel, for run_hops().
struct KWeightingHop {
  const float* in = nullptr;
  std::size_t frames = 0;  ///< plan.shortest_hop or one more.
  float* out = nullptr;    ///< The filtered samples; `in` itself will do. Null, in every hop of a call: none.
  KWeightingMemory* memory = nullptr;  ///< Of the channel.
  HopLevels* levels = nullptr;         ///< Null, in every hop of a call: not wanted.
  double sum = 0.0;                    ///< Afterwards: squares of the filtered samples.
};

/// Filters each hop and takes its `memory` to the end. Hops of one channel come in their order. Sums of a
/// tick are in single precision, the rest in double. Levels are only for plans that have ticks. A hop's
/// results do not depend on the others, to the last bit. Meanwhile the processor is asked for the bytes
/// `ahead`; without any, for what follows hops that lie one after the other. [rt]
void run_hops(const KWeightingPlan& plan, std::span<KWeightingHop> hops,
              std::span<const std::byte> ahead = {}) noexcept;

}  // namespace gainstage
