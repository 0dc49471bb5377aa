// SPDX-License-Identifier: MIT
#include "dsp/interpolator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "dsp/window.h"

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
    Vector magnitude = folded_peak<half>(d, coefficients, factor, load);
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

namespace {

double sinc(double t) {
  if (t == 0.0) return 1.0;
  return std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
}

/// x of A x = b, for a symmetric positive definite A, row after row, by Cholesky's decomposition.
std::vector<double> solve(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return a[i * n + j]; };
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      double sum = at(i, j);
      for (std::size_t k = 0; k < j; ++k) sum -= at(i, k) * at(j, k);
      at(i, j) = i == j ? std::sqrt(sum) : sum / at(j, j);
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= at(i, k) * b[k];
    b[i] /= at(i, i);
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= at(k, i) * b[k];
    b[i] /= at(i, i);
  }
  return b;
}

template <typename Window>
Interpolator windowed_sinc(std::size_t factor, std::size_t half_width_frames, Window window) {
  assert(factor >= 1 && half_width_frames >= 1);
  Interpolator result{factor, 2 * half_width_frames, {}};
  const double half_width = static_cast<double>(half_width_frames);
  for (std::size_t p = 1; p < factor; ++p) {
    for (std::size_t j = 0; j < result.taps; ++j) {
      const double t =
          static_cast<double>(j) - (half_width - 1.0) - static_cast<double>(p) / static_cast<double>(factor);
      result.coefficients.push_back(static_cast<float>(sinc(t) * window(t / half_width)));
    }
  }
  return result;
}

}  // namespace

Interpolator kaiser_interpolator(std::size_t factor, std::size_t half_width_frames, double beta) {
  return windowed_sinc(factor, half_width_frames, [=](double t) { return kaiser_window(t, beta); });
}

Interpolator hann_interpolator(std::size_t factor, std::size_t half_width_frames) {
  return windowed_sinc(factor, half_width_frames, [](double t) { return hann_window(t); });
}

Interpolator least_squares_interpolator(std::size_t factor, std::size_t half_width_frames, double band) {
  assert(factor >= 1 && half_width_frames >= 1 && band > 0.0 && band < 0.5);
  // The integral of |sum c[j] e^(i w j) - e^(i w t)|^2 over |w| < 2 pi band has its least value where its
  // derivatives vanish: sum c[j] sinc(2 band (i - j)) = sinc(2 band (i - t)) for every i.
  Interpolator result{factor, 2 * half_width_frames, {}};
  const std::size_t taps = result.taps;
  const auto product = [band](double frames) { return sinc(2.0 * band * frames); };
  std::vector<double> products;
  for (std::size_t i = 0; i < taps; ++i) {
    for (std::size_t j = 0; j < taps; ++j) {
      products.push_back(product(static_cast<double>(i) - static_cast<double>(j)));
    }
  }
  for (std::size_t p = 1; p < factor; ++p) {
    const double t =
        static_cast<double>(half_width_frames) - 1.0 + static_cast<double>(p) / static_cast<double>(factor);
    std::vector<double> wanted;
    for (std::size_t i = 0; i < taps; ++i) wanted.push_back(product(static_cast<double>(i) - t));
    for (const double tap : solve(products, wanted)) result.coefficients.push_back(static_cast<float>(tap));
  }
  return result;
}

Interpolator cascade(const Interpolator& first, const Interpolator& second) {
  if (second.factor == 1) return first;
  const auto f = static_cast<std::ptrdiff_t>(first.factor);
  const auto reach = static_cast<std::ptrdiff_t>(second.taps / 2);
  // Places of `first`, counted from the sample on, that `second` uses: from 1 - reach to f - 1 + reach.
  const std::ptrdiff_t frames_more = (reach + f - 1) / f;
  Interpolator result{
      first.factor * second.factor, first.taps + 2 * static_cast<std::size_t>(frames_more), {}};
  for (std::ptrdiff_t place = 1; place < f * static_cast<std::ptrdiff_t>(second.factor); ++place) {
    std::vector<double> taps(result.taps, 0.0);
    const auto add = [&](std::ptrdiff_t of_first, double gain) {
      // Floor division: a place before the sample belongs to an earlier frame.
      const std::ptrdiff_t frame = (of_first + f * frames_more) / f - frames_more;
      const std::ptrdiff_t phase = of_first - frame * f;
      const auto start = static_cast<std::size_t>(frames_more + frame);
      if (phase == 0) {
        taps[start + first.taps / 2 - 1] += gain;
        return;
      }
      const std::span<const float> source = first.phase(static_cast<std::size_t>(phase));
      for (std::size_t j = 0; j < source.size(); ++j)
        taps[start + j] += gain * static_cast<double>(source[j]);
    };
    const std::ptrdiff_t of_first = place / static_cast<std::ptrdiff_t>(second.factor);
    const auto of_second = static_cast<std::size_t>(place) % second.factor;
    if (of_second == 0) {
      add(of_first, 1.0);
    } else {
      const std::span<const float> weights = second.phase(of_second);
      for (std::size_t k = 0; k < weights.size(); ++k) {
        add(of_first + 1 - reach + static_cast<std::ptrdiff_t>(k), static_cast<double>(weights[k]));
      }
    }
    for (double tap : taps) result.coefficients.push_back(static_cast<float>(tap));
  }
  return result;
}

double l1_norm(std::span<const float> taps) noexcept {
  double sum = 0.0;
  for (float tap : taps) sum += std::abs(static_cast<double>(tap));
  return sum;
}

FoldedInterpolator fold(const Interpolator& interpolator) {
  FoldedInterpolator folded{interpolator.factor, interpolator.taps, {}};
  for (std::size_t p = 1; 2 * p <= interpolator.factor; ++p) {
    const std::span<const float> taps = interpolator.phase(p);
    for (const float sign : {1.0f, -1.0f}) {
      for (std::size_t j = 0; j < taps.size() / 2; ++j) {
        folded.coefficients.push_back(0.5f * (taps[j] + sign * taps[taps.size() - 1 - j]));
      }
    }
  }
  return folded;
}

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

namespace {

/// A phase as `earlier` x (the sample before) + `later` x (the one after) + second differences: bends[j] x
/// (that of samples j, j + 1 and j + 2).
struct Bending {
  double earlier = 0.0;
  double later = 0.0;
  std::vector<double> bends;
};

Bending bending(std::span<const float> taps) {
  // What the filter gives of a constant and of a ramp around the middle, the two samples there can give, too.
  // The rest of it gives nothing of either, so it is a filter over second differences: its taps summed up
  // twice.
  const std::size_t middle = taps.size() / 2 - 1;
  std::vector<double> rest(taps.begin(), taps.end());
  double constant = 0.0;
  double ramp = 0.0;
  for (std::size_t j = 0; j < rest.size(); ++j) {
    constant += rest[j];
    ramp += rest[j] * (static_cast<double>(j) - static_cast<double>(middle));
  }
  rest[middle] -= constant - ramp;
  rest[middle + 1] -= ramp;
  Bending result{constant - ramp, ramp, {}};
  double once = 0.0;
  double twice = 0.0;
  for (const double tap : rest) {
    once += tap;
    twice += once;
    result.bends.push_back(twice);
  }
  return result;
}

}  // namespace

InterpolationBound bound(const Interpolator& interpolator) {
  InterpolationBound result;
  for (std::size_t p = 1; p < interpolator.factor; ++p) {
    const Bending phase = bending(interpolator.phase(p));
    double bend = 0.0;
    for (const double factor : phase.bends) bend += std::abs(factor);
    result.level = std::max(result.level, std::abs(phase.earlier) + std::abs(phase.later));
    result.bend = std::max(result.bend, bend);
  }
  return result;
}

NearBound near_bound(const Interpolator& interpolator, std::size_t first) {
  assert(first >= 1 && 2 * first <= interpolator.factor && interpolator.taps >= 4);
  NearBound result;
  double level = 0.0;
  const std::size_t middle = interpolator.taps / 2 - 1;
  for (std::size_t p = first; p <= interpolator.factor - first; ++p) {
    const Bending phase = bending(interpolator.phase(p));
    const double before = std::abs(phase.bends[middle - 1]);
    const double after = std::abs(phase.bends[middle]);
    double far = -before - after;
    for (const double factor : phase.bends) far += std::abs(factor);
    result.near = std::max({result.near, before, after});
    result.far = std::max(result.far, far);
    // The further from one of the two, the nearer to the other: none takes more of the greater sample than
    // the first, nor more of both together than `level`.
    result.greater = std::max({result.greater, std::abs(phase.earlier), std::abs(phase.later)});
    level = std::max(level, std::abs(phase.earlier) + std::abs(phase.later));
  }
  result.lesser = level - result.greater;
  return result;
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
