// SPDX-License-Identifier: MIT
#include "dsp/k_weighting_lanes.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/k_weighting_lanes.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using tiles::load_tile;
using tiles::store_tile;
using tiles::Tag;
using tiles::tile_frames;
using tiles::Vector;

using tiles::lane_count;
constexpr std::size_t tiles_in_single_precision = 512 / tile_frames;

/// The recursion of KWeightingPlan.
struct Filter {
  Vector high_pass_keep, high_pass_pull, shelf_keep, shelf_pull, shelf_level, shelf_b2;

  explicit Filter(const KWeightingPlan& plan)
      : high_pass_keep(hn::Set(Tag(), plan.high_pass_keep)),
        high_pass_pull(hn::Set(Tag(), plan.high_pass_pull)),
        shelf_keep(hn::Set(Tag(), plan.shelf_keep)),
        shelf_pull(hn::Set(Tag(), plan.shelf_pull)),
        shelf_level(hn::Set(Tag(), plan.shelf_level)),
        shelf_b2(hn::Set(Tag(), plan.shelf_b2)) {}
};

/// The members of KWeightingRun, of all lanes.
struct Runs {
  Vector x, x_step, y, y2, dy, z, z2, dz;

  /// Calls with each member of a run and the vector that holds it of all lanes.
  template <typename Visit>
  HWY_INLINE void visit(Visit visit_member) {
    visit_member(&KWeightingRun::x, x);
    visit_member(&KWeightingRun::x_step, x_step);
    visit_member(&KWeightingRun::y, y);
    visit_member(&KWeightingRun::y2, y2);
    visit_member(&KWeightingRun::dy, dy);
    visit_member(&KWeightingRun::z, z);
    visit_member(&KWeightingRun::z2, z2);
    visit_member(&KWeightingRun::dz, dz);
  }

  /// The second difference that comes with the next sample: all that the recursion needs of it.
  HWY_INLINE Vector take(Vector sample) {
    const Vector step = hn::Sub(sample, x);
    const Vector second_difference = hn::Sub(step, x_step);
    x = sample;
    x_step = step;
    return second_difference;
  }

  HWY_INLINE void step(const Filter& f, Vector second_difference) {
    const Vector next_dy =
        hn::MulAdd(f.high_pass_keep, dy, hn::NegMulAdd(f.high_pass_pull, y2, second_difference));
    const Vector w = hn::NegMulAdd(f.shelf_b2, dy, hn::MulAdd(f.shelf_level, y, next_dy));
    dz = hn::MulAdd(f.shelf_keep, dz, hn::NegMulAdd(f.shelf_pull, z2, w));
    dy = next_dy;
    y2 = y;
    y = hn::Add(y, dy);
    z2 = z;
    z = hn::Add(z, dz);
  }
};

/// Up to lane_count lanes. The first one fills up what is missing: it then runs several times.
template <bool writes>
void run_group(const KWeightingPlan& plan, KWeightingLane* lanes, std::size_t count) {
  const Tag d;
  const Filter filter(plan);
  const float* in[lane_count];
  float* out[lane_count];
  std::size_t common = lanes[0].frames;
  std::size_t longest = common;
  for (std::size_t l = 0; l < lane_count; ++l) {
    const KWeightingLane& lane = lanes[l < count ? l : 0];
    in[l] = lane.in;
    out[l] = lane.out;
    common = std::min(common, lane.frames);
    longest = std::max(longest, lane.frames);
  }
  common -= common % tile_frames;

  HWY_ALIGN float scratch[lane_count];
  Runs runs;
  runs.visit([&](float KWeightingRun::*member, Vector& of_all) {
    for (std::size_t l = 0; l < lane_count; ++l) scratch[l] = lanes[l < count ? l : 0].run.*member;
    of_all = hn::Load(d, scratch);
  });

  const Vector gain = hn::Set(d, static_cast<float>(plan.gain));
  double sums[lane_count] = {};
  Vector squares = hn::Zero(d);
  const auto take_squares = [&] {
    hn::Store(squares, d, scratch);
    for (std::size_t l = 0; l < lane_count; ++l) sums[l] += static_cast<double>(scratch[l]);
    squares = hn::Zero(d);
  };

  const auto keep_ended = [&](std::size_t at) {
    if (std::none_of(lanes, lanes + count, [=](const KWeightingLane& lane) { return lane.frames == at; })) {
      return;
    }
    runs.visit([&](float KWeightingRun::*member, const Vector& of_all) {
      hn::Store(of_all, d, scratch);
      for (std::size_t l = 0; l < count; ++l) {
        if (lanes[l].frames == at) lanes[l].run.*member = scratch[l];
      }
    });
  };

  for (std::size_t at = 0; at < common;) {
    const std::size_t end = std::min(common, at + tile_frames * tiles_in_single_precision);
    Runs now = runs;  // A copy that nothing else refers to stays in registers.
    Vector sum = hn::Zero(d);
    for (; at < end; at += tile_frames) {
      Vector tile[tile_frames];
      load_tile(in, at, tile);
      for (Vector& x : tile) x = now.take(x);  // What waits for nothing comes first.
      for (Vector& x : tile) {
        now.step(filter, x);
        sum = hn::MulAdd(now.z, now.z, sum);
        if (writes) x = hn::Mul(gain, now.z);
      }
      if (writes) store_tile(tile, out, at);
    }
    runs = now;
    squares = sum;
    take_squares();
  }

  // What is left, a sample of each lane at a time. A lane whose samples have ended runs on unheard.
  for (std::size_t at = common; at < longest; ++at) {
    keep_ended(at);
    HWY_ALIGN float sounds[lane_count];
    for (std::size_t l = 0; l < lane_count; ++l) {
      const KWeightingLane& lane = lanes[l < count ? l : 0];
      sounds[l] = at < lane.frames ? 1.0f : 0.0f;
      scratch[l] = at < lane.frames ? lane.in[at] : 0.0f;
    }
    runs.step(filter, runs.take(hn::Load(d, scratch)));
    const Vector heard = hn::Mul(hn::Load(d, sounds), runs.z);
    squares = hn::MulAdd(heard, heard, squares);
    if (!writes) continue;
    hn::Store(hn::Mul(gain, heard), d, scratch);
    for (std::size_t l = 0; l < count; ++l) {
      if (at < lanes[l].frames) lanes[l].out[at] = scratch[l];
    }
  }
  take_squares();
  keep_ended(longest);
  for (std::size_t l = 0; l < count; ++l) lanes[l].sum = plan.gain * plan.gain * sums[l];
}

void RunLanes(const KWeightingPlan& plan, KWeightingLane* lanes, std::size_t count) {
  for (std::size_t first = 0; first < count; first += lane_count) {
    const std::size_t in_group = std::min(lane_count, count - first);
    if (lanes[first].out != nullptr) {
      run_group<true>(plan, lanes + first, in_group);
    } else {
      run_group<false>(plan, lanes + first, in_group);
    }
  }
}

/// The steps between a hop's samples, weighted and added up.
struct HopSums {
  std::array<double, 2> high_pass{}, ringing{};
};

/// Adds up the weights times the last `frames` steps of `rows` hops, which end at `ends`. `before`: the
/// sample before the first of those steps.
template <std::size_t rows, typename Take>
HWY_INLINE void weigh(const std::array<std::vector<float>, 2>& weights, const float* const* ends,
                      const float* before, std::size_t frames, Take take) {
  const Tag d;
  const float* w[2];
  for (std::size_t i = 0; i < 2; ++i) w[i] = weights[i].data() + (weights[i].size() - frames);
  const float* x[rows];
  Vector sums[rows][2];
  for (std::size_t r = 0; r < rows; ++r) {
    x[r] = ends[r] - frames;
    sums[r][0] = sums[r][1] = hn::Zero(d);
  }
  // The first vector's first step comes from `before`.
  const std::size_t whole = frames - frames % lane_count;
  if (whole > 0) {
    HWY_ALIGN std::int32_t places[lane_count];
    for (std::size_t l = 0; l < lane_count; ++l) places[l] = l == 0 ? 0 : static_cast<std::int32_t>(l - 1);
    const auto one_earlier = hn::SetTableIndices(d, places);
    const Vector w0 = hn::LoadU(d, w[0]);
    const Vector w1 = hn::LoadU(d, w[1]);
    for (std::size_t r = 0; r < rows; ++r) {
      const Vector samples = hn::LoadU(d, x[r]);
      const Vector last =
          hn::IfThenElse(hn::FirstN(d, 1), hn::Set(d, before[r]), hn::TableLookupLanes(samples, one_earlier));
      const Vector step = hn::Sub(samples, last);
      sums[r][0] = hn::Mul(w0, step);
      sums[r][1] = hn::Mul(w1, step);
    }
  }
  for (std::size_t k = lane_count; k < whole; k += lane_count) {
    const Vector w0 = hn::LoadU(d, w[0] + k);
    const Vector w1 = hn::LoadU(d, w[1] + k);
    for (std::size_t r = 0; r < rows; ++r) {
      const Vector step = hn::Sub(hn::LoadU(d, x[r] + k), hn::LoadU(d, x[r] + k - 1));
      sums[r][0] = hn::MulAdd(w0, step, sums[r][0]);
      sums[r][1] = hn::MulAdd(w1, step, sums[r][1]);
    }
  }
  for (std::size_t r = 0; r < rows; ++r) {
    std::array<double, 2> total{};
    for (std::size_t i = 0; i < 2; ++i) {
      total[i] = static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sums[r][i])));
    }
    for (std::size_t k = whole; k < frames; ++k) {
      const auto step = static_cast<double>(x[r][k] - (k == 0 ? before[r] : x[r][k - 1]));
      for (std::size_t i = 0; i < 2; ++i) total[i] += static_cast<double>(w[i][k]) * step;
    }
    take(r, total);
  }
}

template <std::size_t rows>
HWY_INLINE void weigh_hops(const KWeightingPlan& plan, const KWeightingLane* lanes, const float* before,
                           HopSums* sums) {
  const std::size_t frames = lanes[0].frames;
  const std::size_t ringing_frames = plan.ringing_weights[0].size();
  const float* ends[rows];
  float before_ringing[rows];
  for (std::size_t r = 0; r < rows; ++r) {
    ends[r] = lanes[r].in + frames;
    before_ringing[r] = ends[r][-static_cast<std::ptrdiff_t>(ringing_frames) - 1];
  }
  weigh<rows>(plan.high_pass_weights, ends, before, frames,
              [&](std::size_t r, const std::array<double, 2>& total) { sums[r].high_pass = total; });
  weigh<rows>(plan.ringing_weights, ends, before_ringing, ringing_frames,
              [&](std::size_t r, const std::array<double, 2>& total) { sums[r].ringing = total; });
}

void BeginHops(const KWeightingPlan& plan, KWeightingLane* lanes, std::size_t count) {
  constexpr std::size_t rows = 4;
  HopSums sums[rows];
  float before[rows];  // The sample before each hop,
  float steps[rows];   // and that less the one before.
  for (std::size_t first = 0; first < count;) {
    KWeightingLane* const group = lanes + first;
    std::size_t in_group = std::min(rows, count - first);
    for (std::size_t r = 1; r < in_group; ++r) {
      if (group[r].frames != group[0].frames) in_group = 1;
    }
    if (in_group < rows) in_group = 1;
    // All that the sums need of what was before is its last sample, which the next hop of a channel takes
    // from this one.
    for (std::size_t r = 0; r < in_group; ++r) {
      KWeightingMemory& memory = *group[r].memory;
      before[r] = memory.newest;
      steps[r] = memory.newest - memory.before;
      memory.newest = group[r].in[group[r].frames - 1];
      memory.before = group[r].in[group[r].frames - 2];
    }
    if (in_group == rows) {
      weigh_hops<rows>(plan, group, before, sums);
    } else {
      weigh_hops<1>(plan, group, before, sums);
    }
    for (std::size_t r = 0; r < in_group; ++r) {
      KWeightingLane& lane = group[r];
      lane.run = plan.begin(*lane.memory, before[r], steps[r]);
      plan.leap(*lane.memory, lane.frames, steps[r], sums[r].high_pass, sums[r].ringing);
    }
    first += in_group;
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(BeginHops);
HWY_EXPORT(RunLanes);

void begin_hops(const KWeightingPlan& plan, std::span<KWeightingLane> lanes) noexcept {
  HWY_DYNAMIC_DISPATCH(BeginHops)(plan, lanes.data(), lanes.size());
}

void run_lanes(const KWeightingPlan& plan, std::span<KWeightingLane> lanes) noexcept {
  HWY_DYNAMIC_DISPATCH(RunLanes)(plan, lanes.data(), lanes.size());
}

}  // namespace gainstage
#endif  // HWY_ONCE
