// SPDX-License-Identifier: MIT
// Stretches of a signal side by side in the lanes of vectors. To be included by kernels, for each target.

// Include guard that is taken back for each target.
#if defined(GAINSTAGE_LANE_TILES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_LANE_TILES_INL_H
#undef GAINSTAGE_LANE_TILES_INL_H
#else
#define GAINSTAGE_LANE_TILES_INL_H
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace tiles {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_HAVE_SCALABLE
using Tag = hn::FixedTag<float, 4>;
#else
using Tag = hn::CappedTag<float, 16>;
#endif
using Vector = hn::Vec<Tag>;

constexpr std::size_t lane_count = hn::MaxLanes(Tag());
/// Samples of a lane that are turned into vectors of one sample of each lane together.
constexpr std::size_t tile_frames = lane_count == 1 ? 1 : 4;

#if HWY_TARGET != HWY_SCALAR

/// Of every so many rows the samples from `at` on: one block of 128 bits each.
template <std::size_t every, class D>
HWY_INLINE hn::Vec<D> load_blocks(D d, const hn::TFromD<D>* const* rows, std::size_t at) {
  constexpr std::size_t blocks = hn::MaxLanes(D()) * sizeof(hn::TFromD<D>) / 16;
  if constexpr (blocks == 1) {
    return hn::LoadU(d, rows[0] + at);
  } else {
    const hn::Half<D> half;
    const auto lower = load_blocks<every>(half, rows, at);
    return hn::Combine(d, load_blocks<every>(half, rows + every * (blocks / 2), at), lower);
  }
}

template <class D>
HWY_INLINE void store_blocks(D d, hn::Vec<D> blocks, float* const* rows, std::size_t at) {
  if constexpr (hn::MaxLanes(D()) == 4) {
    hn::StoreU(blocks, d, rows[0] + at);
  } else {
    const hn::Half<D> half;
    store_blocks(half, hn::LowerHalf(half, blocks), rows, at);
    store_blocks(half, hn::UpperHalf(half, blocks), rows + hn::MaxLanes(half), at);
  }
}

/// Transposes every 4 x 4 block; its own inverse.
HWY_INLINE void transpose(Vector (&tile)[tile_frames]) {
  const Tag d;
  const hn::Repartition<double, Tag> pairs;
  const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, tile[0], tile[1]));
  const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, tile[0], tile[1]));
  const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, tile[2], tile[3]));
  const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, tile[2], tile[3]));
  tile[0] = hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23));
  tile[1] = hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23));
  tile[2] = hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23));
  tile[3] = hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23));
}

/// tile[i]: sample at + i of every lane; lane l's samples lie at rows[l].
HWY_INLINE void load_tile(const float* const* rows, std::size_t at, Vector (&tile)[tile_frames]) {
  for (std::size_t i = 0; i < tile_frames; ++i) tile[i] = load_blocks<tile_frames>(Tag(), rows + i, at);
  transpose(tile);
}

HWY_INLINE void store_tile(Vector (&tile)[tile_frames], float* const* rows, std::size_t at) {
  transpose(tile);
  for (std::size_t i = 0; i < tile_frames; ++i) store_blocks(Tag(), tile[i], rows + i, at);
}

#else

HWY_INLINE void load_tile(const float* const* rows, std::size_t at, Vector (&tile)[tile_frames]) {
  tile[0] = hn::LoadU(Tag(), rows[0] + at);
}

HWY_INLINE void store_tile(Vector (&tile)[tile_frames], float* const* rows, std::size_t at) {
  hn::StoreU(tile[0], Tag(), rows[0] + at);
}

#endif

}  // namespace tiles
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#endif  // For each target.
