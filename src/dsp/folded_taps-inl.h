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
template <std::size_t factor, std::size_t half, class D, typename Load>
HWY_INLINE hn::Vec<D> folded_peak(D d, const float* coefficients, Load load) {
  using Vector = hn::Vec<D>;
  constexpr std::size_t pairs = factor / 2;
  // Of each pair of phases; the one in the middle has no difference.
  Vector sums[pairs], differences[pairs];
  for (std::size_t p = 0; p < pairs; ++p) sums[p] = differences[p] = hn::Zero(d);
  for (std::size_t j = 0; j < half; ++j) {
    const Vector older = load(j);
    const Vector newer = load(2 * half - 1 - j);
    const Vector sum = hn::Add(older, newer);
    const Vector difference = hn::Sub(older, newer);
    for (std::size_t p = 0; p < pairs; ++p) {
      const float* const taps = coefficients + p * 2 * half + j;
      sums[p] = hn::MulAdd(hn::Set(d, taps[0]), sum, sums[p]);
      if (2 * (p + 1) == factor) continue;
      differences[p] = hn::MulAdd(hn::Set(d, taps[half]), difference, differences[p]);
    }
  }
  Vector greatest = hn::Zero(d);
  for (std::size_t p = 0; p < pairs; ++p) {
    // The greater of |S + D| and |S - D|.
    Vector magnitude = hn::Abs(sums[p]);
    if (2 * (p + 1) < factor) magnitude = hn::Add(magnitude, hn::Abs(differences[p]));
    greatest = hn::Max(greatest, magnitude);
  }
  return greatest;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#endif  // For each target.
