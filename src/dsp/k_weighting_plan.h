// SPDX-License-Identifier: MIT
// The K-weighting in the form that single precision can run, and how its memory leaps over a hop of 10 ms.
#pragma once

#include <array>
#include <cmath>
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
  float trend = 0.0f;                  ///< A sample more than the one before, on average of the last ones.

  bool is_zero() const {
    return high_pass == 0 && high_pass_step == 0 && ringing[0] == 0 && ringing[1] == 0 && newest == 0 &&
           before == 0 && trend == 0;
  }
};

/// Memory of the filter of one channel within a hop, as the recursion has it that begins with the guess: all
/// outputs before their gain.
struct KWeightingRun {
  float x = 0.0f, drift = 0.0f;          ///< Last sample; its step, less dy.
  float y = 0.0f, y2 = 0.0f, dy = 0.0f;  ///< High-pass: last output, the one before, and their difference.
  float z = 0.0f, z2 = 0.0f, dz = 0.0f;  ///< Shelf: the same.
  std::array<float, 4> missed{};         ///< What the memory was more than the guess where the hop began.
  std::size_t frames = 0;                ///< Since then.
};

/// What the kernels of dsp/k_weighting_hops.h and dsp/k_weighting_lanes.h need to know of a sample rate.
///
/// The high-pass runs first, on the steps between the samples, which are exact where an offset hides a quiet
/// signal. What it takes away of a step, its drift, is small and changes slowly. Both sections run on
/// differences of their outputs, y += dy:
///
///   drift += high_pass_pull y'' + high_pass_leak dy'
///   dy = (x - x') - drift
///   dz = shelf_keep dz' + (dy + shelf_level y' - shelf_b2 dy') - shelf_pull z''
///
/// with pull = 1 + a1 + a2, leak = 1 + pull - a2, keep = a2 - pull and level = 1 + (b1 + b2) / b0. So what
/// decides over low frequencies are small numbers of their own, not what is left of great ones.
///
/// The filter is linear: over a hop it gives what it would give from some guess at its memory, plus the echo
/// of what the memory is more than the guess, and the echoes are known. So a hop can be run before the memory
/// at its beginning is: the sum of its squares and the memory at its end follow from sums of products. What
/// the shelf does of its own dies out within milliseconds; the rest of its output follows from the
/// high-pass's.
struct KWeightingPlan {
  explicit KWeightingPlan(double sample_rate_hz);  // [main], from 1 kHz up

  /// Frames of every hop from round(n rate / 100) on: this many or one more.
  std::size_t shortest_hop;
  /// Where the milliseconds of a shortest hop end, the last with it.
  std::array<std::size_t, ticks_per_hop> tick_ends{};
  /// Whether all hops are as long, so that these are the ticks of the level meters.
  bool has_ticks;

  float high_pass_leak, high_pass_pull;
  float shelf_keep, shelf_pull, shelf_level, shelf_b2;
  double gain;  ///< Of the whole, over the outputs of the recursion.

  std::size_t trend_steps;  ///< That the trend is the mean of.
  float per_trend_step;     ///< 1 over that.

  /// What the recursion gives, sample after sample of a shortest hop and one more, of a memory that is one in
  /// high_pass, or in high_pass_step.
  std::array<std::vector<float>, 2> high_pass_echoes;
  /// The same of ringing, up to the end of the millisecond in which it is over.
  std::array<std::vector<float>, 2> ringing_echoes;
  /// Each of the four with each, summed up over a shortest hop.
  std::array<std::array<double, 4>, 4> echo_products{};

  /// How high_pass and high_pass_step go on over a shortest hop of silence.
  std::array<std::array<double, 2>, 2> over_hop;

  /// The shelf's output and its step, made of the high-pass's, when the ringing is over.
  std::array<std::array<double, 2>, 2> shelf_of_high_pass;

  /// What `memory` is more than the guess: no output, and steps as the signal has them above its trend, which
  /// is its drift. High frequencies pass as they are, low ones hardly step; a step that is missed sounds on
  /// for long, and louder than what is measured. `guess`: the step.
  std::array<double, 4> missed(const KWeightingMemory& memory, float guess) const noexcept {
    // The shelf's part of the guessed step is in its ringing.
    const double step = guess;
    return {memory.high_pass, memory.high_pass_step - step,
            memory.ringing[0] + shelf_of_high_pass[0][1] * step,
            memory.ringing[1] + shelf_of_high_pass[1][1] * step - step};
  }
  /// Takes note of the last samples of a hop, of which `earlier` comes trend_steps before the newest; of the
  /// rest of the memory, nothing.
  void look_at_end(KWeightingMemory& memory, float newest, float before, float earlier) const noexcept {
    memory.newest = newest;
    memory.before = before;
    memory.trend = per_trend_step * (newest - earlier);
  }
  /// Where the recursion stands at the beginning of a hop.
  KWeightingRun begin(const KWeightingMemory& memory) const noexcept;

  /// The newest output, before the gain.
  double output(const KWeightingMemory& memory) const noexcept {
    return memory.ringing[0] + times(shelf_of_high_pass[0], memory.high_pass, memory.high_pass_step);
  }

  /// The outputs where a hop ends, and their steps, as KWeightingRun has them.
  struct End {
    double y, dy, z, dz;
  };
  /// Takes `memory`, `missed` more than the guess, over a shortest hop that would end so from the guess;
  /// the samples it remembers are left alone. A memory under -360 dBFS becomes zero: silence never becomes
  /// denormal.
  void leap(KWeightingMemory& memory, const std::array<double, 4>& missed, const End& end) const noexcept {
    memory.high_pass = times(over_hop[0], missed[0], missed[1]) + end.y;
    memory.high_pass_step = times(over_hop[1], missed[0], missed[1]) + end.dy;
    memory.ringing = {end.z - times(shelf_of_high_pass[0], end.y, end.dy),
                      end.dz - times(shelf_of_high_pass[1], end.y, end.dy)};
    constexpr double threshold = 1e-18;
    for (double value : {memory.high_pass, memory.high_pass_step, memory.ringing[0], memory.ringing[1]}) {
      if (std::abs(value) > threshold) return;
    }
    memory.high_pass = memory.high_pass_step = 0.0;
    memory.ringing = {};
  }
  /// Takes `memory` over one sample more; the samples it remembers are left alone.
  void step(KWeightingMemory& memory, float second_difference) const noexcept;

  /// Those of the recursion, in double precision.
  struct Coefficients {
    double high_pass_pull, high_pass_leak, shelf_pull, shelf_keep, shelf_level, shelf_b2;
  };

  static double times(const std::array<double, 2>& row, double first, double second) noexcept {
    return row[0] * first + row[1] * second;
  }

 private:
  Coefficients exact_;
};

}  // namespace gainstage
