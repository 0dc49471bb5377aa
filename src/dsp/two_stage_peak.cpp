// SPDX-License-Identifier: MIT
#include "dsp/two_stage_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/two_stage_peak.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "dsp/folded_taps-inl.h"
#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using tiles::lane_count;
using tiles::Tag;
using tiles::Vector;

/// Places of each lane's stretch.
constexpr std::size_t stretch = TwoStagePeak::outputs / lane_count;
constexpr std::size_t margin = TwoStagePeak::margin;
/// Outputs of the first stage computed together: what they share of samples is loaded once. As many as there
/// are registers for.
constexpr std::size_t together =
    HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_SSSE3 ? 2 : 4;
constexpr std::size_t taps_together = 4;

HWY_INLINE void lay_out(const TwoStagePeak::Call& call) {
  const float* lanes[lane_count];
  for (std::size_t l = 0; l < lane_count; ++l) lanes[l] = call.samples + l * stretch;
  const std::size_t frames = stretch + call.first.taps + 2 * margin - 1;
  for (std::size_t k = 0; k < frames; k += tiles::tile_frames) {
    Vector tile[tiles::tile_frames];
    tiles::load_tile(lanes, k, tile);
    for (std::size_t i = 0; i < tiles::tile_frames; ++i) {
      hn::Store(tile[i], Tag(), call.rows + 2 * (k + i) * lane_count);
    }
  }
}

/// The first stage, in the order of additions that interpolate() has.
HWY_INLINE void interpolate_halfway(const TwoStagePeak::Call& call) {
  const Tag d;
  const std::size_t half = call.first.taps / 2;
  const float* const taps = call.first.coefficients.data();
  const auto sample = [&](std::size_t k) HWY_ATTR { return hn::Load(d, call.rows + 2 * k * lane_count); };
  for (std::size_t n = 0; n < stretch + 2 * margin; n += together) {
    Vector even[together], odd[together];
    for (std::size_t r = 0; r < together; ++r) even[r] = odd[r] = hn::Zero(d);
    for (std::size_t j = 0; j < half; j += taps_together) {
      // Tap j + t of output r takes older[r + t] and newer[r + taps_together - 1 - t].
      Vector older[together + taps_together - 1], newer[together + taps_together - 1];
      for (std::size_t i = 0; i < together + taps_together - 1; ++i) {
        older[i] = sample(n + j + i);
        newer[i] = sample(n + 2 * half - taps_together - j + i);
      }
      for (std::size_t t = 0; t < taps_together; t += 2) {
        const Vector even_tap = hn::Set(d, taps[j + t]);
        const Vector odd_tap = hn::Set(d, taps[j + t + 1]);
        for (std::size_t r = 0; r < together; ++r) {
          even[r] = hn::MulAdd(even_tap, hn::Add(older[r + t], newer[r + taps_together - 1 - t]), even[r]);
          odd[r] = hn::MulAdd(odd_tap, hn::Add(older[r + t + 1], newer[r + taps_together - 2 - t]), odd[r]);
        }
      }
    }
    for (std::size_t r = 0; r < together; ++r) {
      hn::Store(hn::Add(even[r], odd[r]), d, call.rows + (2 * (n + r + half - 1) + 1) * lane_count);
    }
  }
}

/// The second stage, and the values of the first.
HWY_INLINE float greatest_between(const TwoStagePeak::Call& call) {
  const Tag d;
  // What the first stage gives, one every row: place q of the second lies between rows q + 4 and q + 5 and
  // depends on rows q + 1 to q + 8.
  const float* const rows = call.rows + (call.first.taps - 2) * lane_count;
  const auto row = [&](std::size_t r) HWY_ATTR { return hn::Load(d, rows + r * lane_count); };
  const auto bend = [&](Vector before, Vector here, Vector after)
                        HWY_ATTR { return hn::Abs(hn::Sub(hn::Add(before, after), hn::Add(here, here))); };
  const Vector level_factor = hn::Set(d, call.level);
  const Vector bend_factor = hn::Set(d, call.bend);
  const Vector least = hn::Set(d, call.least);
  const float* const taps = call.second.coefficients.data();
  Vector greatest = hn::Zero(d);

  // The second differences of rows 2 n + 2 and 2 n + 3, of the next two, of 2 n + 6.
  Vector bends_2 = hn::Max(bend(row(1), row(2), row(3)), bend(row(2), row(3), row(4)));
  Vector bends_4 = hn::Max(bend(row(3), row(4), row(5)), bend(row(4), row(5), row(6)));
  Vector bend_6 = bend(row(5), row(6), row(7));
  Vector sample = row(6), halfway = row(7);
  Vector level = hn::Abs(row(4));
  for (std::size_t n = 0; n < stretch; ++n) {
    const Vector next_sample = row(2 * n + 8);
    const Vector next_halfway = row(2 * n + 9);
    const Vector bends_6 = hn::Max(bend_6, bend(sample, halfway, next_sample));
    const Vector bend_8 = bend(halfway, next_sample, next_halfway);
    const Vector bent = hn::Max(hn::Max(bends_2, bends_4), hn::Max(bends_6, bend_8));
    bends_2 = bends_4;
    bends_4 = bends_6;
    bend_6 = bend_8;
    sample = next_sample;
    halfway = next_halfway;

    const Vector between = hn::Abs(row(2 * n + 5));
    const Vector next_level = hn::Abs(row(2 * n + 6));
    const Vector loudest = hn::Max(hn::Max(level, between), next_level);
    level = next_level;
    greatest = hn::Max(greatest, between);
    const Vector possible = hn::MulAdd(level_factor, loudest, hn::Mul(bend_factor, bent));
    if (hn::AllTrue(d, hn::Lt(possible, least))) continue;
    for (std::size_t q = 2 * n; q < 2 * n + 2; ++q) {
      const auto load = [&](std::size_t j) HWY_ATTR { return row(q + 1 + j); };
      greatest = hn::Max(greatest, folded_peak<4>(d, taps, call.second.factor, load));
    }
  }
  return hn::GetLane(hn::MaxOfLanes(d, greatest));
}

float GreatestOfStages(const TwoStagePeak::Call& call) {
  lay_out(call);
  interpolate_halfway(call);
  return greatest_between(call);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(GreatestOfStages);

namespace {

constexpr std::size_t most_lanes = 16;

}  // namespace

TwoStagePeak::TwoStagePeak(const Interpolator& first, const Interpolator& second)
    : first_(fold(first)), second_(fold(second)), bound_(bound(second)), norm_(l1_norm(first.phase(1))) {
  assert(first.factor == 2 && first.taps % 8 == 0);
  assert((second.factor == 2 || second.factor == 4 || second.factor == 8) && second.taps == 8);
  double second_norm = 1.0;
  for (std::size_t p = 1; p < second.factor; ++p)
    second_norm = std::max(second_norm, l1_norm(second.phase(p)));
  norm_ *= second_norm;
  // Two rows for every frame of a lane's stretch with what it depends on, the last tile whole.
  rows_.resize(2 * outputs + 2 * (first.taps + 2 * margin + 4) * most_lanes);
}

float TwoStagePeak::greatest(const float* samples, float floor, float greatest_sample) noexcept {
  const double least =
      static_cast<double>(floor) - interpolation_rounding * norm_ * static_cast<double>(greatest_sample);
  const Call call{first_,
                  second_,
                  static_cast<float>(bound_.level),
                  static_cast<float>(bound_.bend),
                  samples,
                  static_cast<float>(least),
                  rows_.data()};
  return HWY_DYNAMIC_DISPATCH(GreatestOfStages)(call);
}

}  // namespace gainstage
#endif  // HWY_ONCE
