// SPDX-License-Identifier: MIT
#include "dsp/interpolator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/interpolator.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "dsp/folded_taps-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Tag>;

/// Sums and differences of one pair of phases, at `vectors` vectors of places.
template <std::size_t vectors>
struct Pair {
  Vector sums[vectors];
  Vector differences[vectors];

  HWY_INLINE Pair() {}  // One that the compiler writes is not for the target.
};

template <std::size_t vectors>
HWY_INLINE Pair<vectors> interpolate_pair(const float* coefficients, std::size_t half, const float* x,
                                          bool has_differences) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  Pair<vectors> pair;
  for (std::size_t v = 0; v < vectors; ++v) pair.sums[v] = pair.differences[v] = hn::Zero(d);
  for (std::size_t j = 0; j < half; ++j) {
    const Vector tap = hn::Set(d, coefficients[j]);
    const Vector difference_tap = hn::Set(d, coefficients[half + j]);
    for (std::size_t v = 0; v < vectors; ++v) {
      const Vector older = hn::LoadU(d, x + v * lanes + j);
      const Vector newer = hn::LoadU(d, x + v * lanes + 2 * half - 1 - j);
      pair.sums[v] = hn::MulAdd(tap, hn::Add(older, newer), pair.sums[v]);
      if (!has_differences) continue;
      pair.differences[v] = hn::MulAdd(difference_tap, hn::Sub(older, newer), pair.differences[v]);
    }
  }
  return pair;
}

constexpr std::size_t side_by_side = 4;  ///< Vectors.

/// Calls take(v, pair) for every vector of places from v on.
template <typename Take>
HWY_INLINE void for_each_vector(const float* coefficients, std::size_t half, bool has_differences,
                                const float* x, std::size_t count, Take take) {
  const std::size_t lanes = hn::Lanes(Tag());
  std::size_t n = 0;
  for (; n + (side_by_side - 1) * lanes < count; n += side_by_side * lanes) {
    const auto pair = interpolate_pair<side_by_side>(coefficients, half, x + n, has_differences);
    for (std::size_t v = 0; v < side_by_side; ++v) take(n + v * lanes, pair.sums[v], pair.differences[v]);
  }
  for (; n < count; n += lanes) {
    const auto pair = interpolate_pair<1>(coefficients, half, x + n, has_differences);
    take(n, pair.sums[0], pair.differences[0]);
  }
}

/// Of few taps: every pair of phases from one look at the samples.
template <std::size_t factor, std::size_t half>
HWY_INLINE float few_taps_peak(const float* coefficients, const float* x, std::size_t count) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  Vector greatest = hn::Zero(d);
  for (std::size_t n = 0; n < count; n += lanes) {
    const auto load = [&](std::size_t j) HWY_ATTR { return hn::LoadU(d, x + n + j); };
    Vector magnitude = folded_peak<factor, half>(d, coefficients, load);
    if (n + lanes > count) magnitude = hn::IfThenElseZero(hn::FirstN(d, count - n), magnitude);
    greatest = hn::Max(greatest, magnitude);
  }
  return hn::GetLane(hn::MaxOfLanes(d, greatest));
}

float InterpolatedPeak(const float* coefficients, std::size_t factor, std::size_t half, const float* x,
                       std::size_t count) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  Vector greatest = hn::Zero(d);
  if (factor == 8 && half == 4) return few_taps_peak<8, 4>(coefficients, x, count);
  if (factor == 4 && half == 4) return few_taps_peak<4, 4>(coefficients, x, count);
  if (factor == 2 && half == 4) return few_taps_peak<2, 4>(coefficients, x, count);
  if (factor == 4 && half == 6) return few_taps_peak<4, 6>(coefficients, x, count);
  for (std::size_t p = 1; 2 * p <= factor; ++p) {
    for_each_vector(coefficients + (p - 1) * 2 * half, half, 2 * p < factor, x, count,
                    [&](std::size_t n, Vector sum, Vector difference) {
                      // The greater of |S + D| and |S - D|.
                      Vector magnitude = hn::Add(hn::Abs(sum), hn::Abs(difference));
                      if (n + lanes > count) {
                        magnitude = hn::IfThenElseZero(hn::FirstN(d, count - n), magnitude);
                      }
                      greatest = hn::Max(greatest, magnitude);
                    });
  }
  return hn::GetLane(hn::MaxOfLanes(d, greatest));
}

void Interpolate(const float* coefficients, std::size_t factor, std::size_t half, std::size_t p,
                 const float* x, float* out, std::size_t count) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  const bool is_mirrored = 2 * p > factor;
  const std::size_t of_pair = is_mirrored ? factor - p : p;
  for_each_vector(coefficients + (of_pair - 1) * 2 * half, half, 2 * p != factor, x, count,
                  [&](std::size_t n, Vector sum, Vector difference) {
                    const Vector value = is_mirrored ? hn::Sub(sum, difference) : hn::Add(sum, difference);
                    if (n + lanes <= count) {
                      hn::StoreU(value, d, out + n);
                    } else {
                      HWY_ALIGN float rest[hn::MaxLanes(d)];
                      hn::Store(value, d, rest);
                      std::copy_n(rest, count - n, out + n);
                    }
                  });
}

/// Bit i: whether |x[i]| is at least `least`, for 64 samples; some beyond `count` of them may be read.
HWY_INLINE std::uint64_t loud_bits(const float* x, std::size_t count, float least) {
  const Tag d;
  const Vector limit = hn::Set(d, least);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; i += hn::Lanes(d)) {
    std::array<std::uint8_t, 8> bytes{};
    hn::StoreMaskBits(d, hn::Ge(hn::Abs(hn::LoadU(d, x + i)), limit), bytes.data());
    const unsigned of_vector = (bytes[0] | unsigned{bytes[1]} << 8) & ((1u << hn::Lanes(d)) - 1);
    bits |= std::uint64_t{of_vector} << i;
  }
  return count < 64 ? bits & ((std::uint64_t{1} << count) - 1) : bits;
}

std::size_t LoudStretches(const float* x, std::size_t count, float least, std::size_t places,
                          std::uint32_t* starts, std::size_t capacity) {
  std::size_t found = 0;
  std::size_t covered = 0;
  std::uint64_t bits = loud_bits(x, std::min<std::size_t>(64, count + 1), least);
  for (std::size_t base = 0; base < count; base += 64) {
    // A place is loud where one of the two samples that it lies between is.
    const std::size_t left = count + 1 - base;
    const std::uint64_t later =
        left > 64 ? loud_bits(x + base + 64, std::min<std::size_t>(64, left - 64), least) : 0;
    std::uint64_t loud = bits | bits >> 1 | later << 63;
    if (left <= 64) loud &= (std::uint64_t{1} << (left - 1)) - 1;
    bits = later;
    if (covered > base) loud = covered < base + 64 ? loud & ~std::uint64_t{0} << (covered - base) : 0;
    while (loud != 0) {
      if (found == capacity) return capacity + 1;
      const std::size_t at = base + static_cast<std::size_t>(std::countr_zero(loud));
      starts[found++] = static_cast<std::uint32_t>(std::min(at, count - places));
      covered = at + places;
      loud = covered < base + 64 ? loud & ~std::uint64_t{0} << (covered - base) : 0;
    }
  }
  return found;
}

void SurveyBends(const float* x, std::size_t cell_frames, float* bends, std::size_t count) {
  const Tag d;
  for (std::size_t k = 0; k < count; ++k, x += cell_frames) {
    Vector greatest = hn::Zero(d);
    for (std::size_t i = 0; i < cell_frames; i += hn::Lanes(d)) {
      const Vector middle = hn::LoadU(d, x + i + 1);
      const Vector outer = hn::Add(hn::LoadU(d, x + i), hn::LoadU(d, x + i + 2));
      greatest = hn::Max(greatest, hn::Abs(hn::Sub(outer, hn::Add(middle, middle))));
    }
    bends[k] = hn::GetLane(hn::MaxOfLanes(d, greatest));
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(InterpolatedPeak);
HWY_EXPORT(Interpolate);
HWY_EXPORT(LoudStretches);
HWY_EXPORT(SurveyBends);

float interpolated_peak(const FoldedInterpolator& interpolator, const float* x, std::size_t count) noexcept {
  return HWY_DYNAMIC_DISPATCH(InterpolatedPeak)(interpolator.coefficients.data(), interpolator.factor,
                                                interpolator.taps / 2, x, count);
}

void interpolate(const FoldedInterpolator& interpolator, std::size_t p, const float* x,
                 std::span<float> out) noexcept {
  assert(p >= 1 && p < interpolator.factor);
  HWY_DYNAMIC_DISPATCH(Interpolate)
  (interpolator.coefficients.data(), interpolator.factor, interpolator.taps / 2, p, x, out.data(),
   out.size());
}

std::size_t loud_stretches(const float* x, std::size_t count, float least, std::size_t places,
                           std::span<std::uint32_t> starts) noexcept {
  assert(places >= 1 && places <= count);
  return HWY_DYNAMIC_DISPATCH(LoudStretches)(x, count, least, places, starts.data(), starts.size());
}

void survey_bends(const float* x, std::size_t cell_frames, std::span<float> bends) noexcept {
  HWY_DYNAMIC_DISPATCH(SurveyBends)(x, cell_frames, bends.data(), bends.size());
}

}  // namespace gainstage
#endif
