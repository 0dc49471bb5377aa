// SPDX-License-Identifier: MIT
// K-weighting of whole hops of 10 ms, many at once, and what else one look at their samples tells.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "dsp/k_weighting_plan.h"

namespace gainstage {

/// How much each tick of a hop counts in what meters with ballistics take of it: two sums of magnitudes, two
/// of squares, and the greatest of its peaks.
struct TickWeights {
  using OfTicks = std::array<float, ticks_per_hop>;
  std::array<OfTicks, 2> magnitudes{}, squares{};
  OfTicks peaks{};
};

/// What the samples of a hop of one channel are for the meters of level and of true peak. Full scale is 1.
struct HopLevels {
  struct Tick {
    float peak = 0.0f;        ///< Greatest |x|.
    float sum = 0.0f;         ///< Of x.
    float magnitudes = 0.0f;  ///< Sum of |x|.
    float squares = 0.0f;     ///< Sum of x^2.
  };
  std::array<Tick, ticks_per_hop> ticks{};
  // Of all ticks together, in the order that a Tick has them.
  float peak = 0.0f;
  float sum = 0.0f;
  float magnitudes = 0.0f;
  float squares = 0.0f;
  std::array<float, 2> weighed_magnitudes{}, weighed_squares{};  ///< Sums, by TickWeights.
  float weighed_peak = 0.0f;                                     ///< The greatest, by TickWeights.
  float least_peak = 0.0f;  ///< Of those ticks that are not silent; 0 where all are.
  float bend = 0.0f;        ///< Greatest |x - 2 x' + x''| that ends in the hop.
  float unused = 0.0f;      ///< So that kernels can write all in fours.
};

/// What is told of hops in HopLevels: everything, or `peak` and `bend` alone, which is all that true peak
/// asks for, and costs less; of the rest, nothing may be read.
enum class HopDetail { all, peaks };

/// A hop of one channel, for run_hops().
struct KWeightingHop {
  const float* in = nullptr;
  std::size_t frames = 0;  ///< plan.shortest_hop or one more.
  float* out = nullptr;    ///< The filtered samples; `in` itself will do. Null, in every hop of a call: none.
  KWeightingMemory* memory = nullptr;  ///< Of the channel.
  HopLevels* levels = nullptr;         ///< Null, in every hop of a call: not wanted.
  double sum = 0.0;                    ///< Afterwards: squares of the filtered samples.
};

/// Filters each hop and takes its `memory` to the end. Hops of one channel come in their order. Sums of
/// levels are in single precision, the rest in double. Levels are only for plans that have ticks. A hop's
/// results do not depend on the others, to the last bit. `weights` and `detail` are for levels. Meanwhile the
/// processor is asked for the bytes `ahead`; without any, for what follows hops that lie one after the other.
/// [rt]
void run_hops(const KWeightingPlan& plan, std::span<KWeightingHop> hops, const TickWeights& weights = {},
              std::span<const std::byte> ahead = {}, HopDetail detail = HopDetail::all) noexcept;

/// As run_hops() on the same samples, to the last bit, for two channels whose 24-bit samples lie interleaved
/// in `bytes`, as in a file: no floats are written and read again. Hop n of channel c is hops[2 n + c],
/// without `in` and `out`, with `levels` and its channel's `memory`. Only for plans that have ticks. [rt]
void run_packed_hops(const KWeightingPlan& plan, std::span<const std::byte> bytes,
                     std::span<KWeightingHop> hops, const TickWeights& weights = {},
                     std::span<const std::byte> ahead = {}, HopDetail detail = HopDetail::all) noexcept;

}  // namespace gainstage
