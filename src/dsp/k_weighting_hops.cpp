// SPDX-License-Identifier: MIT
#include "dsp/k_weighting_hops.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>

#include "dsp/packed_samples.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/k_weighting_hops.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "dsp/k_weighting_recursion-inl.h"
#include "dsp/lane_tiles-inl.h"
#include "dsp/packed_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using k_weighting_lanes::Filter;
using k_weighting_lanes::finish_outputs;
using k_weighting_lanes::Runs;
using tiles::lane_count;
using tiles::Tag;
using tiles::tile_frames;
using tiles::Vector;

/// Where the packed samples of run_packed_hops() are of its hop `n`.
const std::uint8_t* packed_hop(const KWeightingPlan& plan, const std::uint8_t* packed, std::size_t n) {
  const std::size_t hop_bytes = plan.shortest_hop * tiles::packed_frame_bytes;
  return packed + n / 2 * hop_bytes + n % 2 * tiles::packed_sample_bytes;
}

/// Hops side by side, each a lane. Where there are fewer, the first one fills up what is missing: it then
/// runs several times.
struct Group {
  const KWeightingPlan& plan;
  const TickWeights& weights;
  KWeightingHop* hops;
  std::size_t count;
  HopDetail detail;
  std::span<const std::byte> ahead;  ///< To be asked for.
  bool is_row;                       ///< Nothing is, and the hops lie one after the other: what follows is.
  /// Where the samples are packed: those of the first lane.
  const std::uint8_t* packed = nullptr;

  /// The lane whose hop is that of lane l. Packed hops come in twos.
  std::size_t filled_by(std::size_t l) const {
    if (l < count) return l;
    return packed == nullptr ? 0 : l % 2;
  }
  KWeightingHop& lane(std::size_t l) const { return hops[filled_by(l)]; }
  const std::uint8_t* packed_lane(std::size_t l) const { return packed_hop(plan, packed, filled_by(l)); }
};

/// A value of each lane.
struct Lanes {
  HWY_ALIGN float values[lane_count] = {};

  Vector load() const { return hn::Load(Tag(), values); }
  void store(Vector v) { hn::Store(v, Tag(), values); }
};

/// A value of each lane in double precision.
struct WideLanes {
  HWY_ALIGN double values[lane_count] = {};

  HWY_INLINE void add(Vector v) {
#if HWY_TARGET == HWY_SCALAR
    values[0] += static_cast<double>(hn::GetLane(v));
#else
    const hn::Half<Tag> half;
    const hn::Rebind<double, decltype(half)> wide;
    double* const upper = values + hn::MaxLanes(half);
    const auto add_to = [&](double* sums, hn::Vec<decltype(half)> addends) HWY_ATTR {
      hn::Store(hn::Add(hn::Load(wide, sums), hn::PromoteTo(wide, addends)), wide, sums);
    };
    add_to(values, hn::LowerHalf(half, v));
    add_to(upper, hn::UpperHalf(half, v));
#endif
  }
};

/// What the recursion gives from the guess, of each lane: its squares, and its products with the echoes.
struct PassSums {
  WideLanes squares;
  WideLanes products[4];

  /// Those of a signal `ratio` times as large.
  void scale(double ratio) {
    for (double& value : squares.values) value *= ratio * ratio;
    for (WideLanes& of_echo : products) {
      for (double& value : of_echo.values) value *= ratio;
    }
  }
};

/// Where the levels of the lanes go; those of lanes that only fill up to where the first one's do. They are
/// written in fours: first the ticks, then what is of all together.
struct LevelRows {
  static constexpr std::size_t in_four = sizeof(HopLevels::Tick) / sizeof(float);
  static_assert(offsetof(HopLevels, peak) == ticks_per_hop * sizeof(HopLevels::Tick));
  static_assert(sizeof(HopLevels) == (ticks_per_hop + 3) * sizeof(HopLevels::Tick));

  float* rows[lane_count];

  explicit LevelRows(const Group& group) {
    for (std::size_t l = 0; l < lane_count; ++l) rows[l] = reinterpret_cast<float*>(group.lane(l).levels);
  }
  HWY_INLINE void store(std::size_t four, Vector a, Vector b, Vector c, Vector e) {
    Vector values[in_four] = {a, b, c, e};
#if HWY_TARGET == HWY_SCALAR
    for (std::size_t i = 0; i < in_four; ++i) hn::StoreU(values[i], Tag(), rows[0] + four * in_four + i);
#else
    static_assert(tile_frames == in_four);
    tiles::store_tile(values, rows, four * in_four);
#endif
  }
};

/// At the tile from sample k on, lets the processor fetch some of what comes later.
HWY_INLINE void ask(const Group& group, const float* const* in, std::size_t k) {
  constexpr std::size_t line = 64;
  if (group.is_row) {
    // A line of each lane while it goes through one.
    constexpr std::size_t samples = line / sizeof(float);
    constexpr std::size_t lanes = tile_frames * lane_count / samples;
    const float* const* const of_tile = in + k % samples / tile_frames * lanes;
    for (std::size_t i = 0; i < lanes; ++i) {
      hwy::Prefetch(of_tile[i] + k + lane_count * group.plan.shortest_hop);
    }
  } else if (k < group.ahead.size() / line) {
    for (std::size_t i = 0; i < tile_frames; ++i) {
      // To the second cache: the nearest one is full of the samples.
      __builtin_prefetch(group.ahead.data() + (k + i) * line, 0, 2);
    }
  }
}

/// Levels of a tick, and how far the samples bend: the last step among them.
struct Looked {
  Vector peak, sum, magnitudes, squares, bend, x_step;

  template <HopDetail detail>
  HWY_INLINE void take(Vector sample, Vector step) {
    const Vector magnitude = hn::Abs(sample);
    peak = hn::Max(peak, magnitude);
    if constexpr (detail == HopDetail::all) {
      sum = hn::Add(sum, sample);
      magnitudes = hn::Add(magnitudes, magnitude);
      squares = hn::MulAdd(sample, sample, squares);
    }
    bend = hn::Max(bend, hn::Abs(hn::Sub(step, x_step)));
    x_step = step;
  }
  /// Levels of a signal `ratio` times as large.
  HWY_INLINE Looked times(Vector ratio) const {
    return {hn::Mul(peak, ratio),       hn::Mul(sum, ratio),
            hn::Mul(magnitudes, ratio), hn::Mul(squares, hn::Mul(ratio, ratio)),
            hn::Mul(bend, ratio),       hn::Mul(x_step, ratio)};
  }
};

/// Levels of all ticks of a hop.
struct HopSums {
  Vector peak, sum, magnitudes, squares;
  Vector weighed_magnitudes[2], weighed_squares[2], weighed_peak;
  // The bits of floats that are not negative are in the order of their values; one less, and a peak of zero
  // is the greatest.
  using Bits = hn::RebindToUnsigned<Tag>;
  hn::Vec<Bits> least_bits;

  explicit HopSums(Vector zero)
      : peak(zero),
        sum(zero),
        magnitudes(zero),
        squares(zero),
        weighed_magnitudes{zero, zero},
        weighed_squares{zero, zero},
        weighed_peak(zero),
        least_bits(hn::Set(Bits(), ~std::uint32_t{0})) {}

  HWY_INLINE void add(const Looked& tick, const TickWeights& weights, std::size_t at) {
    const Tag d;
    peak = hn::Max(peak, tick.peak);
    sum = hn::Add(sum, tick.sum);
    magnitudes = hn::Add(magnitudes, tick.magnitudes);
    squares = hn::Add(squares, tick.squares);
    for (std::size_t i = 0; i < 2; ++i) {
      weighed_magnitudes[i] =
          hn::MulAdd(hn::Set(d, weights.magnitudes[i][at]), tick.magnitudes, weighed_magnitudes[i]);
      weighed_squares[i] = hn::MulAdd(hn::Set(d, weights.squares[i][at]), tick.squares, weighed_squares[i]);
    }
    weighed_peak = hn::Max(weighed_peak, hn::Mul(hn::Set(d, weights.peaks[at]), tick.peak));
    least_bits = hn::Min(least_bits, hn::Sub(hn::BitCast(Bits(), tick.peak), hn::Set(Bits(), 1)));
  }
  HWY_INLINE void store(LevelRows& rows, Vector bend) const {
    const Vector least_peak = hn::BitCast(Tag(), hn::Add(least_bits, hn::Set(Bits(), 1)));
    rows.store(ticks_per_hop, peak, sum, magnitudes, squares);
    rows.store(ticks_per_hop + 1, weighed_magnitudes[0], weighed_magnitudes[1], weighed_squares[0],
               weighed_squares[1]);
    rows.store(ticks_per_hop + 2, weighed_peak, least_peak, bend, hn::Zero(Tag()));
  }
};

/// What PassSums add up, within a tick.
struct TickSums {
  Vector squares, high_pass0, high_pass1, ringing0, ringing1;

  /// Output `k` of the recursion.
  template <bool ringing>
  HWY_INLINE void take(const KWeightingPlan& plan, Vector z, std::size_t k) {
    const auto add = [z, k](const std::vector<float>& echo, Vector sum)
                         HWY_ATTR { return hn::MulAdd(hn::Set(Tag(), echo[k]), z, sum); };
    squares = hn::MulAdd(z, z, squares);
    high_pass0 = add(plan.high_pass_echoes[0], high_pass0);
    high_pass1 = add(plan.high_pass_echoes[1], high_pass1);
    if constexpr (ringing) {
      ringing0 = add(plan.ringing_echoes[0], ringing0);
      ringing1 = add(plan.ringing_echoes[1], ringing1);
    }
  }
};

/// Whether all that goes on in a pass has registers of its own, so that it can go on side by side while the
/// recursion waits for itself; else the sums are added to when a tile's outputs are known.
constexpr bool has_many_registers = lane_count == 16;

/// Where the samples of the lanes lie, and where what the recursion gives from the guess goes: nowhere but in
/// a group with outputs. Lanes that only fill up are the first one again.
struct Rows {
  const float* in[lane_count];
  float* out[lane_count];

  explicit Rows(const Group& group) {
    for (std::size_t l = 0; l < lane_count; ++l) {
      in[l] = group.lane(l).in;
      out[l] = group.lane(l).out;
    }
  }
  HWY_INLINE void load(std::size_t at, Vector (&tile)[tile_frames]) const { tiles::load_tile(in, at, tile); }
  HWY_INLINE void ask_ahead(const Group& group, std::size_t at) const { ask(group, in, at); }
  /// Fewer than a tile.
  void store_some(const Vector* outputs, std::size_t at, std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i) {
      Lanes lanes;
      lanes.store(outputs[i]);
      for (std::size_t l = 0; l < lane_count; ++l) out[l][at + i] = lanes.values[l];
    }
  }
};

/// Where packed samples of the lanes lie: of each two lanes, or of one where there is but one.
struct PackedRows {
  static constexpr std::size_t count = (lane_count + 1) / 2;
  const std::uint8_t* in[count];

  explicit PackedRows(const Group& group) {
    for (std::size_t i = 0; i < count; ++i) in[i] = group.packed_lane(2 * i);
  }
  HWY_INLINE void load(std::size_t at, Vector (&tile)[tile_frames]) const {
    tiles::load_packed_tile(in, at, tile);
  }
  HWY_INLINE void ask_ahead(const Group& group, std::size_t at) const { ask(group, nullptr, at); }
};

/// What a pass over hops is to do besides, and how their samples lie.
struct Wanted {
  bool levels, outputs;
  HopDetail detail = HopDetail::all;
  bool is_packed = false;
};

/// Samples `first` to `end` of the hops; `ringing`: whether the shelf's own echo still sounds.
template <Wanted wanted, bool ringing, class Rows>
HWY_INLINE void pass_tick(const Group& group, const Filter& filter, const Rows& rows, std::size_t first,
                          std::size_t end, Runs& runs, Looked& looked, PassSums& sums) {
  const KWeightingPlan& plan = group.plan;
  const Vector zero = hn::Zero(Tag());
  // Copies that nothing else refers to stay in registers.
  Runs now = runs;
  Looked seen = looked;
  TickSums of_tick{zero, zero, zero, zero, zero};
  const auto take = [&](const Vector* samples, std::size_t at, std::size_t count) HWY_ATTR {
    Vector steps[tile_frames], outputs[tile_frames];
    for (std::size_t i = 0; i < count; ++i) steps[i] = now.take(samples[i]);
    for (std::size_t i = 0; i < count; ++i) {
      now.step(filter, steps[i]);
      outputs[i] = now.z;
      if (has_many_registers) of_tick.take<ringing>(plan, outputs[i], at + i);
      if (wanted.levels) seen.take<wanted.detail>(samples[i], steps[i]);
    }
    if (!has_many_registers) {
      for (std::size_t i = 0; i < count; ++i) of_tick.take<ringing>(plan, outputs[i], at + i);
    }
    if constexpr (wanted.outputs) {
      if (count == tile_frames) {
        tiles::store_tile(outputs, rows.out, at);
      } else {
        rows.store_some(outputs, at, count);
      }
    }
  };
  std::size_t k = first;
  Vector tile[tile_frames];
  for (; k + tile_frames <= end; k += tile_frames) {
    rows.ask_ahead(group, k);
    rows.load(k, tile);
    take(tile, k, tile_frames);
  }
  if (k < end) {
    // Some of a tile that reaches as far as the hop does.
    const std::size_t from = std::min(k, plan.shortest_hop - tile_frames);
    Vector some[tile_frames];
    rows.load(from, some);
    take(some + (k - from), k, end - k);
  }
  runs = now;
  looked = seen;
  sums.squares.add(of_tick.squares);
  sums.products[0].add(of_tick.high_pass0);
  sums.products[1].add(of_tick.high_pass1);
  if constexpr (ringing) {
    sums.products[2].add(of_tick.ringing0);
    sums.products[3].add(of_tick.ringing1);
  }
}

/// Runs the recursion over the hops, from the guess on, and looks at their samples on the way. `x_steps`: the
/// steps between the last samples before the hops. Packed samples are taken times a power of two, which
/// rounds nothing.
template <Wanted wanted>
HWY_INLINE void pass_over(const Group& group, const Lanes& x_steps, Runs& runs, PassSums& sums) {
  const Tag d;
  const KWeightingPlan& plan = group.plan;
  const Filter filter(plan);
  const std::conditional_t<wanted.is_packed, PackedRows, Rows> rows(group);
  std::optional<LevelRows> levels;
  if constexpr (wanted.levels) levels.emplace(group);
  const Vector to_packed = hn::Set(d, tiles::packed_full_scale);
  const Vector from_packed = hn::Set(d, 1.0f / tiles::packed_full_scale);
  const Vector zero = hn::Zero(d);
  HopSums of_hop(zero);
  Looked looked{zero, zero, zero, zero, zero, x_steps.load()};
  if constexpr (wanted.is_packed) {
    looked = looked.times(to_packed);
    runs = runs.times(to_packed);
  }
  const std::size_t ringing = plan.ringing_echoes[0].size();
  std::size_t first = 0;
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    const std::size_t end = plan.tick_ends[tick];
    if (first < ringing) {
      pass_tick<wanted, true>(group, filter, rows, first, end, runs, looked, sums);
    } else {
      pass_tick<wanted, false>(group, filter, rows, first, end, runs, looked, sums);
    }
    first = end;
    if constexpr (!wanted.levels || wanted.detail == HopDetail::peaks) continue;
    const Looked of_tick = wanted.is_packed ? looked.times(from_packed) : looked;
    levels->store(tick, of_tick.peak, of_tick.sum, of_tick.magnitudes, of_tick.squares);
    of_hop.add(of_tick, group.weights, tick);
    looked.peak = looked.sum = looked.magnitudes = looked.squares = zero;
  }
  if constexpr (wanted.is_packed) {
    looked = looked.times(from_packed);
    runs = runs.times(from_packed);
    sums.scale(1.0 / static_cast<double>(tiles::packed_full_scale));
  }
  if constexpr (!wanted.levels) return;
  if constexpr (wanted.detail == HopDetail::peaks) of_hop.peak = looked.peak;
  of_hop.store(*levels, looked.bend);
}

/// Where the hops begin, and the guess at their memory.
struct Begins {
  Lanes x, x_step, trend;

  /// The next hop of a channel begins where this one's samples end.
  explicit Begins(const Group& group) {
    for (std::size_t l = 0; l < lane_count; ++l) {
      const std::size_t from = group.filled_by(l);
      if (from == l) {
        const KWeightingHop& hop = group.hops[l];
        x.values[l] = hop.memory->newest;
        x_step.values[l] = hop.memory->newest - hop.memory->before;
        trend.values[l] = hop.memory->trend;
        const std::size_t last = hop.frames - 1;
        const std::size_t trend_steps = group.plan.trend_steps;
        if (group.packed == nullptr) {
          const float* const newest = hop.in + last;
          group.plan.look_at_end(*hop.memory, newest[0], *(newest - 1), *(newest - trend_steps));
        } else {
          constexpr std::size_t frame = tiles::packed_frame_bytes;
          const std::uint8_t* const newest = group.packed_lane(l) + last * frame;
          group.plan.look_at_end(*hop.memory, tiles::packed_sample(newest),
                                 tiles::packed_sample(newest - frame),
                                 tiles::packed_sample(newest - trend_steps * frame));
        }
      }
      x.values[l] = x.values[from];
      x_step.values[l] = x_step.values[from];
      trend.values[l] = trend.values[from];
    }
  }
  float step(std::size_t l) const { return x_step.values[l] - trend.values[l]; }
  Runs runs() const {
    const Vector zero = hn::Zero(Tag());
    const Vector step = hn::Sub(x_step.load(), trend.load());
    return {x.load(), trend.load(), zero, hn::Neg(step), step, zero, hn::Neg(step), step};
  }
};

/// The filter's output is that from the guess plus the echoes of what was `missed`.
HWY_INLINE WideLanes squares_with_echoes(const KWeightingPlan& plan, const PassSums& sums,
                                         const WideLanes (&missed)[4]) {
  WideLanes result = sums.squares;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t l = 0; l < lane_count; ++l) {
      double of_value = 2.0 * sums.products[i].values[l];
      for (std::size_t j = 0; j < 4; ++j) of_value += plan.echo_products[i][j] * missed[j].values[l];
      result.values[l] += missed[i].values[l] * of_value;
    }
  }
  // Rounding may take more than there is.
  for (double& value : result.values) value = std::max(0.0, value);
  return result;
}

void run_group(const Group& group) {
  const KWeightingPlan& plan = group.plan;
  const std::size_t shortest = plan.shortest_hop;
  const Begins begins(group);
  Runs runs = begins.runs();
  PassSums sums;
  // Of hops with a sample more, the last two but one, before outputs may take their place.
  Lanes before, more;
  bool has_more = false;
  for (std::size_t l = 0; l < group.count && group.packed == nullptr; ++l) {
    const KWeightingHop& hop = group.hops[l];
    before.values[l] = hop.in[shortest - 2];
    if (hop.frames == shortest) continue;
    more.values[l] = hop.in[shortest];
    has_more = true;
  }
  const bool has_levels = group.hops[0].levels != nullptr;
  const bool has_outputs = group.hops[0].out != nullptr;
  if (group.packed != nullptr) {
    group.detail == HopDetail::peaks
        ? pass_over<Wanted{true, false, HopDetail::peaks, true}>(group, begins.x_step, runs, sums)
        : pass_over<Wanted{true, false, HopDetail::all, true}>(group, begins.x_step, runs, sums);
  } else if (has_levels && !has_outputs && group.detail == HopDetail::peaks) {
    pass_over<Wanted{true, false, HopDetail::peaks}>(group, begins.x_step, runs, sums);
  } else if (has_outputs) {
    has_levels ? pass_over<Wanted{true, true}>(group, begins.x_step, runs, sums)
               : pass_over<Wanted{false, true}>(group, begins.x_step, runs, sums);
  } else {
    has_levels ? pass_over<Wanted{true, false}>(group, begins.x_step, runs, sums)
               : pass_over<Wanted{false, false}>(group, begins.x_step, runs, sums);
  }
  Lanes x, y, dy, z, dz;
  x.store(runs.x);
  y.store(runs.y);
  dy.store(runs.dy);
  z.store(runs.z);
  dz.store(runs.dz);

  WideLanes missed[4];
  double last[lane_count] = {};
  for (std::size_t l = 0; l < group.count; ++l) {
    const KWeightingHop& hop = group.hops[l];
    KWeightingMemory& memory = *hop.memory;
    const std::array<double, 4> of_lane = plan.missed(memory, begins.step(l));
    for (std::size_t i = 0; i < of_lane.size(); ++i) missed[i].values[l] = of_lane[i];
    plan.leap(memory, of_lane, {y.values[l], dy.values[l], z.values[l], dz.values[l]});
    if (hop.frames > shortest) {
      plan.step(memory, (more.values[l] - x.values[l]) - (x.values[l] - before.values[l]));
      last[l] = plan.output(memory);
    }
  }
  const WideLanes squares = squares_with_echoes(plan, sums, missed);
  for (std::size_t l = 0; l < group.count; ++l) {
    group.hops[l].sum = plan.gain * plan.gain * (squares.values[l] + last[l] * last[l]);
  }
  if (!has_outputs) return;
  if (has_more) {
    runs.step(Filter(plan), runs.take(more.load()));
    more.store(runs.z);
  }
  for (std::size_t l = 0; l < group.count; ++l) {
    const KWeightingHop& hop = group.hops[l];
    if (hop.frames > shortest) hop.out[shortest] = more.values[l];
    KWeightingRun run;
    for (std::size_t i = 0; i < run.missed.size(); ++i)
      run.missed[i] = static_cast<float>(missed[i].values[l]);
    finish_outputs(plan, run, hop.out, hop.frames);
  }
}

void RunHops(const KWeightingPlan& plan, const TickWeights& weights, KWeightingHop* hops, std::size_t count,
             std::span<const std::byte> ahead, HopDetail detail) {
  for (std::size_t first = 0; first < count; first += lane_count) {
    const std::size_t in_group = std::min(lane_count, count - first);
    const std::size_t bytes = ahead.size() * in_group / (count - first);
    const bool is_row = ahead.empty() && in_group == lane_count && lane_count > 1 &&
                        hops[first + 1].in == hops[first].in + hops[first].frames;
    run_group({plan, weights, hops + first, in_group, detail, ahead.first(bytes), is_row});
    ahead = ahead.subspan(bytes);
  }
}

void RunPackedHops(const KWeightingPlan& plan, const std::uint8_t* packed, const TickWeights& weights,
                   KWeightingHop* hops, std::size_t count, std::span<const std::byte> ahead,
                   HopDetail detail) {
  for (std::size_t first = 0; first < count; first += lane_count) {
    const std::size_t in_group = std::min(lane_count, count - first);
    const std::size_t bytes = ahead.size() * in_group / (count - first);
    run_group({plan, weights, hops + first, in_group, detail, ahead.first(bytes), false,
               packed_hop(plan, packed, first)});
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
HWY_EXPORT(RunPackedHops);

void run_hops(const KWeightingPlan& plan, std::span<KWeightingHop> hops, const TickWeights& weights,
              std::span<const std::byte> ahead, HopDetail detail) noexcept {
  HWY_DYNAMIC_DISPATCH(RunHops)(plan, weights, hops.data(), hops.size(), ahead, detail);
}

void run_packed_hops(const KWeightingPlan& plan, std::span<const std::byte> bytes,
                     std::span<KWeightingHop> hops, const TickWeights& weights,
                     std::span<const std::byte> ahead, HopDetail detail) noexcept {
  assert(plan.has_ticks && hops.size() % 2 == 0);
  assert(bytes.size() == hops.size() / 2 * plan.shortest_hop * 2 * bytes_of(PackedSample::signed24));
  HWY_DYNAMIC_DISPATCH(RunPackedHops)
  (plan, reinterpret_cast<const std::uint8_t*>(bytes.data()), weights, hops.data(), hops.size(), ahead,
   detail);
}

}  // namespace gainstage
#endif  // HWY_ONCE
