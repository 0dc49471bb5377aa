// SPDX-License-Identifier: MIT
#include "dsp/stretch_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/stretch_peak.cpp"
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

using Greatest = StretchPeak::Greatest;

/// Frames of the first stage that the second needs before and after.
constexpr std::size_t margin = 2;
/// Outputs of the first stage computed together: what they share of samples is loaded once. More would run
/// out of registers with AVX2, and take no less time with AVX-512.
constexpr std::size_t together = 4;

/// Samples of the lanes, `frames` of each and up to a tile more: sample k of all of them is row `stride` x k.
template <std::size_t stride>
HWY_INLINE void lay_out(const float* const* lanes, std::size_t frames, float* rows) {
  for (std::size_t k = 0; k < frames; k += tiles::tile_frames) {
    Vector tile[tiles::tile_frames];
    tiles::load_tile(lanes, k, tile);
    for (std::size_t i = 0; i < tiles::tile_frames; ++i) {
      hn::Store(tile[i], Tag(), rows + stride * (k + i) * lane_count);
    }
  }
}

/// Adds taps j to half - 1 to `outputs` neighbours, of which the first takes samples from `x` on. The samples
/// of tap j lie at older[(j + r) % together] and newer[(r - j) % together] of output r: a new one of each
/// takes the place of the one that is not needed any more.
template <std::size_t j, std::size_t half>
HWY_INLINE void add_taps(const float* taps, const float* x, Vector (&older)[together],
                         Vector (&newer)[together], Vector (&sums)[together]) {
  const Tag d;
  constexpr std::size_t turns = half * together;
  const Vector tap = hn::Set(d, taps[j]);
  for (std::size_t r = 0; r < together; ++r) {
    const Vector both = hn::Add(older[(r + j) % together], newer[(r + turns - j) % together]);
    sums[r] = hn::MulAdd(tap, both, sums[r]);
  }
  if constexpr (j + 1 < half) {
    older[j % together] = hn::Load(d, x + 2 * (j + together) * lane_count);
    newer[(turns - j - 1) % together] = hn::Load(d, x + 2 * (2 * half - 2 - j) * lane_count);
    add_taps<j + 1, half>(taps, x, older, newer, sums);
  }
}

/// The first stage, in the order of additions that interpolate() has: what lies halfway after sample n + half
/// - 1 goes to the row behind it.
template <std::size_t half>
HWY_INLINE void interpolate_halfway(const float* taps, std::size_t frames, float* rows) {
  const Tag d;
  for (std::size_t n = 0; n < frames; n += together) {
    const float* const x = rows + 2 * n * lane_count;
    Vector older[together], newer[together], sums[together];
    for (std::size_t r = 0; r < together; ++r) {
      older[r] = hn::Load(d, x + 2 * r * lane_count);
      newer[r] = hn::Load(d, x + 2 * (2 * half - 1 + r) * lane_count);
      sums[r] = hn::Zero(d);
    }
    add_taps<0, half>(taps, x, older, newer, sums);
    for (std::size_t r = 0; r < together; ++r) {
      hn::Store(sums[r], d, rows + (2 * (n + r + half - 1) + 1) * lane_count);
    }
  }
}

/// The greater of two that are not negative. Their bits stand in the same order, and most processors compare
/// more integers at once than floats.
HWY_INLINE Vector greater(Vector a, Vector b) {
  const hn::RebindToSigned<Tag> bits;
  return hn::BitCast(Tag(), hn::Max(hn::BitCast(bits, a), hn::BitCast(bits, b)));
}

HWY_INLINE Vector smaller(Vector a, Vector b) {
  const hn::RebindToSigned<Tag> bits;
  return hn::BitCast(Tag(), hn::Min(hn::BitCast(bits, a), hn::BitCast(bits, b)));
}

/// The NearBound of all phases between two rows: `both` are the second differences there, `bent` is the
/// greatest around.
HWY_INLINE Vector closer_bound(const StretchPeak::Call& call, Vector before, Vector after, Vector both,
                               Vector bent) {
  const Tag d;
  const Vector most = greater(hn::Abs(before), hn::Abs(after));
  const Vector least = smaller(hn::Abs(before), hn::Abs(after));
  const auto of = [&](const StretchPeak::Near& bound) HWY_ATTR {
    Vector sum = hn::Mul(hn::Set(d, bound.far), bent);
    sum = hn::MulAdd(hn::Set(d, bound.near), both, sum);
    sum = hn::MulAdd(hn::Set(d, bound.lesser), least, sum);
    return hn::MulAdd(hn::Set(d, bound.greater), most, sum);
  };
  return greater(of(call.ends), of(call.inside));
}

/// The second stage, and the values of the first. `rows`: what the first stage gives, one every row; place q
/// of the second lies between rows q + 4 and q + 5 and depends on rows q + 1 to q + 8.
template <std::size_t factor>
HWY_INLINE Vector greatest_between(const StretchPeak::Call& call, const float* rows) {
  const Tag d;
  const auto row = [&](std::size_t r) HWY_ATTR { return hn::Load(d, rows + r * lane_count); };
  const Vector two = hn::Set(d, 2.0f);
  const auto bend = [&](Vector before, Vector here, Vector after)
                        HWY_ATTR { return hn::Abs(hn::NegMulAdd(two, here, hn::Add(before, after))); };
  const Vector bend_factor = hn::Set(d, call.bend);
  const Vector least = hn::Set(d, call.least);
  const float* const taps = call.second.coefficients.data();
  Vector greatest = hn::Zero(d);
  // The closer bound is left alone where it saved less often than not.
  int worth = 16;

  // The second differences of rows 2 n + 2 and 2 n + 3, of the next two, of 2 n + 6.
  Vector bends_2 = greater(bend(row(1), row(2), row(3)), bend(row(2), row(3), row(4)));
  Vector bends_4 = greater(bend(row(3), row(4), row(5)), bend(row(4), row(5), row(6)));
  Vector bend_6 = bend(row(5), row(6), row(7));
  Vector sample = row(6), halfway = row(7);
  Vector level = hn::Abs(row(4));
  for (std::size_t n = 0; n < call.places; ++n) {
    const Vector next_sample = row(2 * n + 8);
    const Vector next_halfway = row(2 * n + 9);
    const Vector bends_6 = greater(bend_6, bend(sample, halfway, next_sample));
    const Vector bend_8 = bend(halfway, next_sample, next_halfway);
    const Vector bent = greater(greater(bends_2, bends_4), greater(bends_6, bend_8));
    bends_2 = bends_4;
    bends_4 = bends_6;
    bend_6 = bend_8;
    sample = next_sample;
    halfway = next_halfway;

    const Vector between = hn::Abs(row(2 * n + 5));
    const Vector next_level = hn::Abs(row(2 * n + 6));
    const Vector loudest = greater(greater(level, between), next_level);
    level = next_level;
    if (hn::AllTrue(d, hn::Lt(hn::MulAdd(bend_factor, bent, loudest), least))) continue;
    greatest = hn::Max(greatest, between);
    for (std::size_t q = 2 * n; q < 2 * n + 2; ++q) {
      if (worth > 0) {
        const Vector both =
            hn::Add(bend(row(q + 3), row(q + 4), row(q + 5)), bend(row(q + 4), row(q + 5), row(q + 6)));
        if (hn::AllTrue(d, hn::Lt(closer_bound(call, row(q + 4), row(q + 5), both, bent), least))) {
          ++worth;
          continue;
        }
        --worth;
      }
      const auto load = [&](std::size_t j) HWY_ATTR { return row(q + 1 + j); };
      greatest = hn::Max(greatest, folded_peak<factor, 4>(d, taps, load));
    }
  }
  return greatest;
}

template <std::size_t half>
HWY_INLINE Vector greatest_by_two(const StretchPeak::Call& call, const float* const* lanes) {
  const Tag d;
  const bool is_all = call.second.factor == 1;
  const std::size_t frames = call.places + (is_all ? 0 : 2 * margin);
  const std::size_t computed = (frames + together - 1) / together * together;
  lay_out<2>(lanes, computed + 2 * half - 1, call.rows);
  interpolate_halfway<half>(call.first.coefficients.data(), computed, call.rows);
  const float* const sample = call.rows + (2 * half - 2) * lane_count;
  if (call.second.factor == 8) return greatest_between<8>(call, sample);
  if (call.second.factor == 4) return greatest_between<4>(call, sample);
  if (call.second.factor == 2) return greatest_between<2>(call, sample);
  Vector greatest = hn::Zero(d);
  for (std::size_t n = 0; n < call.places; ++n) {
    greatest = hn::Max(greatest, hn::Abs(hn::Load(d, sample + (2 * n + 1) * lane_count)));
  }
  return greatest;
}

HWY_INLINE Vector greatest_by_four(const StretchPeak::Call& call, const float* const* lanes) {
  const Tag d;
  constexpr std::size_t half = 6;
  lay_out<1>(lanes, call.places + 2 * half - 1, call.rows);
  Vector greatest = hn::Zero(d);
  for (std::size_t n = 0; n < call.places; ++n) {
    const auto load = [&](std::size_t j) HWY_ATTR { return hn::Load(d, call.rows + (n + j) * lane_count); };
    greatest = hn::Max(greatest, folded_peak<4, half>(d, call.first.coefficients.data(), load));
  }
  return greatest;
}

HWY_INLINE Vector greatest_of_lanes(const StretchPeak::Call& call, const float* const* lanes) {
  if (call.first.factor == 4) return greatest_by_four(call, lanes);
  if (call.first.taps == 24) return greatest_by_two<12>(call, lanes);
  return greatest_by_two<24>(call, lanes);
}

Greatest GreatestOfStretches(const StretchPeak::Call& call) {
  const Tag d;
  Greatest result;
  for (std::size_t first = 0; first < call.starts.size(); first += lane_count) {
    // Where lanes are left, the first stretch fills them up.
    const float* lanes[lane_count];
    for (std::size_t l = 0; l < lane_count; ++l) {
      lanes[l] = call.starts[first + l < call.starts.size() ? first + l : first];
    }
    const Vector greatest = greatest_of_lanes(call, lanes);
    const float ratio = hn::GetLane(hn::MaxOfLanes(d, greatest));
    if (!(ratio > result.ratio)) continue;
    HWY_ALIGN float values[lane_count];
    hn::Store(greatest, d, values);
    result = {ratio,
              first + static_cast<std::size_t>(std::find(values, values + lane_count - 1, ratio) - values)};
  }
  return result;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(GreatestOfStretches);

namespace {

constexpr std::size_t most_lanes = 16;
/// Frames that are laid out beyond those that are needed: the last of a group and of a tile.
constexpr std::size_t most_beyond = 8;

}  // namespace

StretchPeak::StretchPeak(const Interpolator& first, const Interpolator& second)
    : first_(fold(first)), second_(fold(second)), bound_(bound(second)) {
  assert((first.factor == 2 && (first.taps == 24 || first.taps == 48)) ||
         (first.factor == 4 && first.taps == 12 && second.factor == 1));
  assert(second.factor == 1 ||
         ((second.factor == 2 || second.factor == 4 || second.factor == 8) && second.taps == 8));
  if (second.factor > 1) margin_ = second.taps / (2 * first.factor);
  double first_norm = 1.0, second_norm = 1.0;
  for (std::size_t p = 1; p < first.factor; ++p) first_norm = std::max(first_norm, l1_norm(first.phase(p)));
  for (std::size_t p = 1; p < second.factor; ++p)
    second_norm = std::max(second_norm, l1_norm(second.phase(p)));
  norm_ = first_norm * second_norm;
  if (second.factor > 1) {
    const auto part = [this](const NearBound& near) {
      const auto of = [this](double factor) { return static_cast<float>(factor / bound_.level); };
      return Near{of(near.greater), of(near.lesser), of(near.near), of(near.far)};
    };
    ends_ = part(near_bound(second, 1, 1));
    inside_ = part(near_bound(second, std::min<std::size_t>(2, second.factor / 2), second.factor / 2));
  }
  rows_.resize(2 * (most_places + taps() + most_beyond) * most_lanes);
}

StretchPeak::Greatest StretchPeak::greatest(std::span<const float* const> starts, std::size_t places,
                                            float wanted, float greatest_sample) noexcept {
  assert(places <= most_places);
  const double least =
      static_cast<double>(wanted) - interpolation_rounding * norm_ * static_cast<double>(greatest_sample);
  const Call call{first_, second_, static_cast<float>(bound_.bend / bound_.level), ends_,       inside_,
                  starts, places,  static_cast<float>(least / bound_.level),       rows_.data()};
  return HWY_DYNAMIC_DISPATCH(GreatestOfStretches)(call);
}

}  // namespace gainstage
#endif  // HWY_ONCE
