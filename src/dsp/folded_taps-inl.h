// SPDX-License-Identifier: MIT
// All phases of an interpolator with few taps from one look at the samples. To be included by kernels, for
// each target.

// Include guard that is taken back for each target.
#if defined(GAINSTAGE_FOLDED_TAPS_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_FOLDED_TAPS_INL_H
#undef GAINSTAGE_FOLDED_TAPS_INL_H
#else
#define GAINSTAGE_FOLDED_TAPS_INL_H
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The greatest magnitude of all phases in each lane, of 2 x half taps: `coefficients` as FoldedInterpolator
/// has them, load(j) gives tap j's samples. In the order of additions that interpolate() has.
template <std::size_t half, class D, typename Load>
HWY_INLINE hn::Vec<D> folded_peak(D d, const float* coefficients, std::size_t factor, Load load) {
  using Vector = hn::Vec<D>;
  Vector sums[half], differences[half];
  for (std::size_t j = 0; j < half; ++j) {
    const Vector older = load(j);
    const Vector newer = load(2 * half - 1 - j);
    sums[j] = hn::Add(older, newer);
    differences[j] = hn::Sub(older, newer);
  }
  Vector greatest = hn::Zero(d);
  for (std::size_t p = 1; 2 * p <= factor; ++p, coefficients += 2 * half) {
    Vector sum = hn::Mul(hn::Set(d, coefficients[0]), sums[0]);
    for (std::size_t j = 1; j < half; ++j) sum = hn::MulAdd(hn::Set(d, coefficients[j]), sums[j], sum);
    Vector magnitude = hn::Abs(sum);
    if (2 * p < factor) {
      Vector difference = hn::Mul(hn::Set(d, coefficients[half]), differences[0]);
      for (std::size_t j = 1; j < half; ++j) {
        difference = hn::MulAdd(hn::Set(d, coefficients[half + j]), differences[j], difference);
      }
      // The greater of |S + D| and |S - D|.
      magnitude = hn::Add(magnitude, hn::Abs(difference));
    }
    greatest = hn::Max(greatest, magnitude);
  }
  return greatest;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#endif  // For each target.
