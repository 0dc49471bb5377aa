// SPDX-License-Identifier: MIT
// Sums of the lanes of four vectors at a time, for this room's kernels: included once for every target.
#if defined(GAINSTAGE_DSP_SUM_OF_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_DSP_SUM_OF_LANES_INL_H
#undef GAINSTAGE_DSP_SUM_OF_LANES_INL_H
#else
#define GAINSTAGE_DSP_SUM_OF_LANES_INL_H
#endif

#include <cstddef>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Tag>;

/// The sums of the lanes of four vectors.
HWY_INLINE void store_sums_of_lanes(Vector a, Vector b, Vector c, Vector e, float* out) {
#if HWY_TARGET == HWY_SCALAR
  out[0] = hn::GetLane(a);
  out[1] = hn::GetLane(b);
  out[2] = hn::GetLane(c);
  out[3] = hn::GetLane(e);
#else
  const Tag d;
  const hn::RepartitionToWide<Tag> wide;
  const auto ab = hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
  const auto ce = hn::Add(hn::InterleaveLower(d, c, e), hn::InterleaveUpper(d, c, e));
  const auto low = hn::InterleaveLower(wide, hn::BitCast(wide, ab), hn::BitCast(wide, ce));
  const auto high = hn::InterleaveUpper(wide, hn::BitCast(wide, ab), hn::BitCast(wide, ce));
  // Each block of four lanes now holds a part of the four sums.
  HWY_ALIGN float parts[hn::MaxLanes(d)];
  hn::Store(hn::Add(hn::BitCast(d, low), hn::BitCast(d, high)), d, parts);
  const hn::Full128<float> four;
  auto sum = hn::Load(four, parts);
  for (std::size_t block = 4; block < hn::Lanes(d); block += 4) {
    sum = hn::Add(sum, hn::Load(four, parts + block));
  }
  hn::StoreU(sum, four, out);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#endif
