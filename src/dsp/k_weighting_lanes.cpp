// SPDX-License-Identifier: MIT
#include "dsp/k_weighting_lanes.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/k_weighting_lanes.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "dsp/k_weighting_recursion-inl.h"
#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using k_weighting_lanes::Filter;
using k_weighting_lanes::finish_outputs;
using k_weighting_lanes::Runs;
using tiles::lane_count;
using tiles::load_tile;
using tiles::store_tile;
using tiles::Tag;
using tiles::tile_frames;
using tiles::Vector;

/// Up to lane_count lanes. The first one fills up what is missing: it then runs several times.
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
  const Vector zero = hn::Zero(d);
  Runs runs{zero, zero, zero, zero, zero, zero, zero, zero};
  runs.visit([&](float KWeightingRun::*member, Vector& of_all) {
    for (std::size_t l = 0; l < lane_count; ++l) scratch[l] = lanes[l < count ? l : 0].run.*member;
    of_all = hn::Load(d, scratch);
  });
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

  Runs now = runs;  // A copy that nothing else refers to stays in registers.
  for (std::size_t at = 0; at < common; at += tile_frames) {
    Vector tile[tile_frames];
    load_tile(in, at, tile);
    for (Vector& x : tile) {
      now.step(filter, now.take(x));
      x = now.z;
    }
    store_tile(tile, out, at);
  }
  runs = now;

  // What is left, a sample of each lane at a time. A lane whose samples have ended runs on unheard.
  for (std::size_t at = common; at < longest; ++at) {
    keep_ended(at);
    for (std::size_t l = 0; l < lane_count; ++l) {
      const KWeightingLane& lane = lanes[l < count ? l : 0];
      scratch[l] = at < lane.frames ? lane.in[at] : 0.0f;
    }
    runs.step(filter, runs.take(hn::Load(d, scratch)));
    hn::Store(runs.z, d, scratch);
    for (std::size_t l = 0; l < count; ++l) {
      if (at < lanes[l].frames) lanes[l].out[at] = scratch[l];
    }
  }
  keep_ended(longest);
  for (std::size_t l = 0; l < count; ++l) finish_outputs(plan, lanes[l].run, lanes[l].out, lanes[l].frames);
}

void RunLanes(const KWeightingPlan& plan, KWeightingLane* lanes, std::size_t count) {
  for (std::size_t first = 0; first < count; first += lane_count) {
    run_group(plan, lanes + first, std::min(lane_count, count - first));
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(RunLanes);

void run_lanes(const KWeightingPlan& plan, std::span<KWeightingLane> lanes) noexcept {
  HWY_DYNAMIC_DISPATCH(RunLanes)(plan, lanes.data(), lanes.size());
}

}  // namespace gainstage
#endif  // HWY_ONCE
