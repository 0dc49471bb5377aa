// SPDX-License-Identifier: MIT
// The K-weighting in the form that single precision can run, and how its memory leaps over a hop of 10 ms.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace gainstage {

inline constexpr std::size_t ticks_per_hop = 10;  ///< Milliseconds in a hop.

/// Memory of the filter of one channel where a hop begins. Only to be handed from hop to hop.
struct KWeightingMemory {
  double high_pass = 0.0;              ///< Its newest output,
  double high_pass_step = 0.0;         ///< and that less the one before.
  std::array<double, 2> ringing{};     ///< The shelf's output and its step, less what the high-pass explains.
  float newest = 0.0f, before = 0.0f;  ///< The last two samples.

  bool is_zero() const {
    return high_pass == 0 && high_pass_step == 0 && ringing[0] == 0 && ringing[1] == 0 && newest == 0 &&
           before == 0;
  }
};

/// Memory of the filter of one channel anywhere, as the recursion has it: all outputs before their gain.
struct KWeightingRun {
  float x = 0.0f, x_step = 0.0f;         ///< Last sample, and that less the one before.
  float y = 0.0f, y2 = 0.0f, dy = 0.0f;  ///< High-pass: last output, the one before, and their difference.
  float z = 0.0f, z2 = 0.0f, dz = 0.0f;  ///< Shelf: the same.
};

/// What the kernels of dsp/k_weighting_hops.h and dsp/k_weighting_lanes.h need to know of a sample rate.
///
/// The high-pass runs first, on the second difference of the samples, which is exact where an offset hides a
/// quiet signal. Both sections run on differences of their outputs, y += dy:
///
///   dy = high_pass_keep dy' + (x - 2 x' + x'') - high_pass_pull y''
///   dz = shelf_keep dz' + (dy + shelf_level y' - shelf_b2 dy') - shelf_pull z''
///
/// with pull = 1 + a1 + a2, keep = a2 - pull and level = 1 + (b1 + b2) / b0. So what decides over low
/// frequencies are small numbers of their own, not what is left of great ones.
///
/// The filter is linear: its memory after a hop is a 2 x 2 matrix times that before plus a weighted sum of
/// the steps from each of the hop's samples to the next (an offset does not pass the high-pass). What the
/// shelf does of its own dies out within milliseconds, so that its weights are few; the rest of its output
/// follows from the high-pass's.
struct KWeightingPlan {
  explicit KWeightingPlan(double sample_rate_hz);  // [main], from 1 kHz up

  /// Frames of every hop from round(n rate / 100) on: this many or one more.
  std::size_t shortest_hop;
  /// Where the milliseconds of a shortest hop end, the last with it.
  std::array<std::size_t, ticks_per_hop> tick_ends{};
  /// Whether all hops are as long, so that these are the ticks of the level meters.
  bool has_ticks;

  float high_pass_keep, high_pass_pull;
  float shelf_keep, shelf_pull, shelf_level, shelf_b2;
  double gain;  ///< Of the whole, over the outputs of the recursion.

  std::array<std::vector<float>, 2> high_pass_weights;  ///< Of the steps to each sample of a shortest hop.
  std::array<std::vector<float>, 2> ringing_weights;    ///< Of the last steps only.

  /// How a shortest hop's high_pass and high_pass_step go on without its samples.
  struct Leap {
    std::array<std::array<double, 2>, 2> memory;
    std::array<double, 2> x_step;  ///< What the step to the last sample before the hop still adds.
  } over_hop;

  /// The shelf's output and its step, made of the high-pass's, when the ringing is over.
  std::array<std::array<double, 2>, 2> shelf_of_high_pass;

  /// Where the recursion stands at the beginning of a hop, after sample `x` that was `x_step` more than the
  /// one before. The samples in `memory` are not looked at.
  KWeightingRun begin(const KWeightingMemory& memory, float x, float x_step) const noexcept;
  KWeightingRun begin(const KWeightingMemory& memory) const noexcept {
    return begin(memory, memory.newest, memory.newest - memory.before);
  }

  /// Takes `memory` over a shortest hop whose weighted sums are these; `newest` and `before` are left alone.
  /// A memory under -360 dBFS becomes zero: silence never becomes denormal.
  void leap(KWeightingMemory& memory, float x_step, const std::array<double, 2>& high_pass_sums,
            const std::array<double, 2>& ringing_sums) const noexcept;
  /// Takes `memory` over one sample more; `newest` and `before` are left alone.
  void step(KWeightingMemory& memory, float second_difference) const noexcept;

  /// Those of the recursion, in double precision.
  struct Coefficients {
    double high_pass_pull, high_pass_keep, shelf_pull, shelf_keep, shelf_level, shelf_b2;
  };

 private:
  Coefficients exact_;
};

}  // namespace gainstage
