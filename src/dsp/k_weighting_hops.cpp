// SPDX-License-Identifier: MIT
#include "dsp/k_weighting_hops.h"

#include <algorithm>
#include <cassert>
#include <optional>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/k_weighting_hops.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "dsp/k_weighting_recursion-inl.h"
#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using k_weighting_lanes::Filter;
using k_weighting_lanes::Runs;
using tiles::lane_count;
using tiles::Tag;
using tiles::tile_frames;
using tiles::Vector;

/// Hops side by side, each a lane. Where there are fewer, the first one fills up what is missing: it then
/// runs several times.
struct Group {
  const KWeightingPlan& plan;
  KWeightingHop* hops;
  std::size_t count;
  float* rows;                       ///< Row k holds sample k of every lane.
  std::span<const std::byte> ahead;  ///< To be asked for.

  KWeightingHop& lane(std::size_t l) const { return hops[l < count ? l : 0]; }
};

/// A value of each lane.
struct Lanes {
  HWY_ALIGN float values[lane_count] = {};

  Vector load() const { return hn::Load(Tag(), values); }
  void store(Vector v) { hn::Store(v, Tag(), values); }
};

/// The steps between the samples of the hops, weighted and added up.
struct StepSums {
  Lanes high_pass[2], ringing[2];
};

/// Where the levels of the lanes go; those of lanes that only fill up to where the first one's do.
struct LevelRows {
  float* rows[lane_count];

  explicit LevelRows(const Group& group) {
    for (std::size_t l = 0; l < lane_count; ++l) rows[l] = &group.lane(l).levels->ticks[0].peak;
  }
  HWY_INLINE void store(std::size_t tick, Vector peak, Vector sum, Vector magnitudes, Vector squares) {
    constexpr std::size_t in_tick = sizeof(HopLevels::Tick) / sizeof(float);
    const Vector of_tick[in_tick] = {peak, sum, magnitudes, squares};
#if HWY_TARGET == HWY_SCALAR
    for (std::size_t i = 0; i < in_tick; ++i) hn::StoreU(of_tick[i], Tag(), rows[0] + tick * in_tick + i);
#else
    static_assert(tile_frames == in_tick);
    Vector tile[in_tick] = {of_tick[0], of_tick[1], of_tick[2], of_tick[3]};
    tiles::store_tile(tile, rows, tick * in_tick);
#endif
  }
};

/// Lays the hops out in rows and looks at their samples on the way. `before`: the samples before the hops,
/// `steps`: how much more they are than those before.
template <bool with_levels>
HWY_INLINE StepSums lay_out(const Group& group, const Lanes& before, const Lanes& steps) {
  const Tag d;
  const KWeightingPlan& plan = group.plan;
  const float* const w0 = plan.high_pass_weights[0].data();
  const float* const w1 = plan.high_pass_weights[1].data();
  float* const rows = group.rows;
  const float* in[lane_count];
  for (std::size_t l = 0; l < lane_count; ++l) in[l] = group.lane(l).in;
  std::optional<LevelRows> levels;
  if constexpr (with_levels) levels.emplace(group);
  Vector x = before.load();
  Vector x_step = steps.load();
  Vector sum0 = hn::Zero(d), sum1 = hn::Zero(d), bend = hn::Zero(d), greatest = hn::Zero(d);
  std::size_t k = 0;
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    // Sums that wait for themselves, two of each: of even samples and of odd ones.
    Vector tick0[2], tick1[2];
    for (std::size_t i = 0; i < 2; ++i) tick0[i] = tick1[i] = hn::Zero(d);
    Vector peak = hn::Zero(d), sum = hn::Zero(d), magnitudes = hn::Zero(d), squares = hn::Zero(d);
    const auto take = [&](Vector sample, std::size_t at, std::size_t i) HWY_ATTR {
      hn::Store(sample, d, rows + at * lane_count);
      const Vector step = hn::Sub(sample, x);
      tick0[i] = hn::MulAdd(hn::Set(d, w0[at]), step, tick0[i]);
      tick1[i] = hn::MulAdd(hn::Set(d, w1[at]), step, tick1[i]);
      x = sample;
      if (!with_levels) return;
      const Vector magnitude = hn::Abs(sample);
      peak = hn::Max(peak, magnitude);
      sum = hn::Add(sum, sample);
      magnitudes = hn::Add(magnitudes, magnitude);
      squares = hn::MulAdd(sample, sample, squares);
      bend = hn::Max(bend, hn::Abs(hn::Sub(step, x_step)));
      x_step = step;
    };
    const std::size_t end = plan.tick_ends[tick];
    Vector tile[tile_frames];
    for (; k + tile_frames <= end; k += tile_frames) {
      tiles::load_tile(in, k, tile);
      for (std::size_t i = 0; i < tile_frames; ++i) take(tile[i], k + i, i % 2);
    }
    if (k < end) {
      // Some of a tile that reaches as far as the hop does.
      const std::size_t first = std::min(k, plan.shortest_hop - tile_frames);
      tiles::load_tile(in, first, tile);
      for (std::size_t i = 0; k < end; ++i, ++k) take(tile[k - first], k, i % 2);
    }
    sum0 = hn::Add(sum0, hn::Add(tick0[0], tick0[1]));
    sum1 = hn::Add(sum1, hn::Add(tick1[0], tick1[1]));
    if constexpr (with_levels) {
      levels->store(tick, peak, sum, magnitudes, squares);
      greatest = hn::Max(greatest, peak);
    }
  }
  if constexpr (with_levels) {
    Lanes peaks, bends;
    peaks.store(greatest);
    bends.store(bend);
    for (std::size_t l = 0; l < group.count; ++l) {
      group.hops[l].levels->peak = peaks.values[l];
      group.hops[l].levels->bend = bends.values[l];
    }
  }

  const std::size_t ringing = plan.ringing_weights[0].size();
  const float* const row = rows + (plan.shortest_hop - ringing) * lane_count;
  Vector ringing0 = hn::Zero(d), ringing1 = hn::Zero(d);
  x = hn::Load(d, row - lane_count);
  for (std::size_t i = 0; i < ringing; ++i) {
    const Vector sample = hn::Load(d, row + i * lane_count);
    const Vector step = hn::Sub(sample, x);
    ringing0 = hn::MulAdd(hn::Set(d, plan.ringing_weights[0][i]), step, ringing0);
    ringing1 = hn::MulAdd(hn::Set(d, plan.ringing_weights[1][i]), step, ringing1);
    x = sample;
  }
  StepSums sums;
  sums.high_pass[0].store(sum0);
  sums.high_pass[1].store(sum1);
  sums.ringing[0].store(ringing0);
  sums.ringing[1].store(ringing1);
  return sums;
}

/// Runs the recursion over the rows; where it stands afterwards stays in `runs`.
template <bool writes>
HWY_INLINE void filter_rows(const Group& group, Runs& runs, double* sums) {
  const Tag d;
  const Filter filter(group.plan);
  const Vector gain = hn::Set(d, static_cast<float>(group.plan.gain));
  float* out[lane_count];
  for (std::size_t l = 0; l < lane_count; ++l) out[l] = group.lane(l).out;
  constexpr std::size_t line = 64;
  const std::byte* const ahead = group.ahead.data();
  const std::size_t lines = group.ahead.size() / line;
  Runs now = runs;  // A copy that nothing else refers to stays in registers.
  std::size_t k = 0;
  for (const std::size_t end : group.plan.tick_ends) {
    Vector squares = hn::Zero(d);
    for (; k < end; ++k) {
      float* const row = group.rows + k * lane_count;
      if (k < lines) hwy::Prefetch(ahead + k * line);
      now.step(filter, now.take(hn::Load(d, row)));
      squares = hn::MulAdd(now.z, now.z, squares);
      if (writes) hn::Store(hn::Mul(gain, now.z), d, row);
    }
    Lanes of_tick;
    of_tick.store(squares);
    for (std::size_t l = 0; l < lane_count; ++l) sums[l] += static_cast<double>(of_tick.values[l]);
  }
  runs = now;
  if (!writes) return;
  const std::size_t frames = group.plan.shortest_hop;
  for (std::size_t at = 0; at < frames; at += tile_frames) {
    const std::size_t first = std::min(at, frames - tile_frames);
    Vector tile[tile_frames];
    for (std::size_t i = 0; i < tile_frames; ++i)
      tile[i] = hn::LoadU(d, group.rows + (first + i) * lane_count);
    tiles::store_tile(tile, out, first);
  }
}

/// The last sample of those hops that are longer than the others.
HWY_INLINE void filter_last(const Group& group, const Lanes& last, Runs& runs, double* sums) {
  const std::size_t at = group.plan.shortest_hop;
  runs.step(Filter(group.plan), runs.take(last.load()));
  Lanes z;
  z.store(runs.z);
  const auto gain = static_cast<float>(group.plan.gain);
  for (std::size_t l = 0; l < group.count; ++l) {
    const KWeightingHop& hop = group.hops[l];
    if (hop.frames == at) continue;
    sums[l] += static_cast<double>(z.values[l]) * static_cast<double>(z.values[l]);
    if (hop.out != nullptr) hop.out[at] = gain * z.values[l];
  }
}

void run_group(const Group& group) {
  const KWeightingPlan& plan = group.plan;
  const std::size_t shortest = plan.shortest_hop;
  // All that a hop needs of the samples before it are the last two, which the next hop of a channel takes
  // from this one.
  Lanes before, steps, last;
  bool has_longer = false;
  for (std::size_t l = 0; l < lane_count; ++l) {
    KWeightingHop& hop = group.lane(l);
    if (l >= group.count) {
      before.values[l] = before.values[0];
      steps.values[l] = steps.values[0];
      last.values[l] = 0.0f;
      continue;
    }
    KWeightingMemory& memory = *hop.memory;
    before.values[l] = memory.newest;
    steps.values[l] = memory.newest - memory.before;
    memory.newest = hop.in[hop.frames - 1];
    memory.before = hop.in[hop.frames - 2];
    last.values[l] = hop.frames > shortest ? memory.newest : 0.0f;
    has_longer = has_longer || hop.frames > shortest;
  }
  const StepSums sums = group.hops[0].levels != nullptr ? lay_out<true>(group, before, steps)
                                                        : lay_out<false>(group, before, steps);
  KWeightingRun begins[lane_count];
  for (std::size_t l = 0; l < group.count; ++l) {
    KWeightingHop& hop = group.hops[l];
    begins[l] = plan.begin(*hop.memory, before.values[l], steps.values[l]);
    plan.leap(
        *hop.memory, steps.values[l],
        {static_cast<double>(sums.high_pass[0].values[l]), static_cast<double>(sums.high_pass[1].values[l])},
        {static_cast<double>(sums.ringing[0].values[l]), static_cast<double>(sums.ringing[1].values[l])});
    if (hop.frames > shortest) {
      const float step = hop.in[shortest - 1] - hop.in[shortest - 2];
      plan.step(*hop.memory, (hop.in[shortest] - hop.in[shortest - 1]) - step);
    }
  }
  for (std::size_t l = group.count; l < lane_count; ++l) begins[l] = begins[0];

  Runs runs;
  runs.visit([&](float KWeightingRun::*member, Vector& of_all) {
    Lanes of_lanes;
    for (std::size_t l = 0; l < lane_count; ++l) of_lanes.values[l] = begins[l].*member;
    of_all = of_lanes.load();
  });
  double squares[lane_count] = {};
  if (group.hops[0].out != nullptr) {
    filter_rows<true>(group, runs, squares);
  } else {
    filter_rows<false>(group, runs, squares);
  }
  if (has_longer) filter_last(group, last, runs, squares);
  for (std::size_t l = 0; l < group.count; ++l) group.hops[l].sum = plan.gain * plan.gain * squares[l];
}

void RunHops(const KWeightingPlan& plan, KWeightingHop* hops, std::size_t count, float* rows,
             std::span<const std::byte> ahead) {
  for (std::size_t first = 0; first < count; first += lane_count) {
    const std::size_t in_group = std::min(lane_count, count - first);
    const std::size_t bytes = ahead.size() * in_group / (count - first);
    run_group({plan, hops + first, in_group, rows, ahead.first(bytes)});
    ahead = ahead.subspan(bytes);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(RunHops);

std::size_t hop_scratch_floats(const KWeightingPlan& plan) {
  constexpr std::size_t most_lanes = 16;
  return most_lanes * plan.shortest_hop;
}

void run_hops(const KWeightingPlan& plan, std::span<KWeightingHop> hops, std::span<float> scratch,
              std::span<const std::byte> ahead) noexcept {
  assert(scratch.size() >= hop_scratch_floats(plan));
  HWY_DYNAMIC_DISPATCH(RunHops)(plan, hops.data(), hops.size(), scratch.data(), ahead);
}

}  // namespace gainstage
#endif  // HWY_ONCE
