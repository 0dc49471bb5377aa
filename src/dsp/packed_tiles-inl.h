// SPDX-License-Identifier: MIT
// Stretches of two channels whose 24-bit samples lie interleaved in a file, side by side in the lanes of
// vectors. To be included by kernels, for each target.

// Include guard that is taken back for each target.
#if defined(GAINSTAGE_PACKED_TILES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_PACKED_TILES_INL_H
#undef GAINSTAGE_PACKED_TILES_INL_H
#else
#define GAINSTAGE_PACKED_TILES_INL_H
#endif

#include <hwy/highway.h>

#include <bit>
#include <cstddef>
#include <cstdint>

#include "dsp/lane_tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace tiles {

namespace hn = hwy::HWY_NAMESPACE;

constexpr std::size_t packed_sample_bytes = 3;
constexpr std::size_t packed_frame_bytes = 2 * packed_sample_bytes;
/// What a sample of 1 is where it takes the upper three bytes of an integer.
constexpr float packed_full_scale = 0x1p31f;

/// One sample as that integer.
HWY_INLINE float packed_integer(const std::uint8_t* p) {
  const std::uint32_t upper =
      std::uint32_t{p[0]} << 8 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 24;
  return static_cast<float>(std::bit_cast<std::int32_t>(upper));
}

HWY_INLINE float packed_sample(const std::uint8_t* p) { return packed_integer(p) / packed_full_scale; }

#if HWY_TARGET != HWY_SCALAR

/// tile[i]: frame at + i of every stretch, its two samples in lanes of their own; those of stretch s, which
/// begins at rows[s], in lanes 2 s and 2 s + 1. A sample of 1 is packed_full_scale: who has fewer results
/// than samples scales those.
HWY_INLINE void load_packed_tile(const std::uint8_t* const* rows, std::size_t at,
                                 Vector (&tile)[tile_frames]) {
  const hn::Repartition<std::uint8_t, Tag> bytes;
  const hn::RebindToSigned<Tag> integers;
  const hn::Repartition<double, Tag> pairs;
  // Two frames are 12 bytes: the first of the 16 at the tile's beginning, the last of the 16 at its end.
  constexpr std::size_t tile_bytes = tile_frames * packed_frame_bytes;
  constexpr std::uint8_t none = 0x80;
  HWY_ALIGN static constexpr std::uint8_t first[] = {none, 0, 1, 2, none, 3, 4,  5,
                                                     none, 6, 7, 8, none, 9, 10, 11};
  HWY_ALIGN static constexpr std::uint8_t last[] = {none, 4,  5,  6,  none, 7,  8,  9,
                                                    none, 10, 11, 12, none, 13, 14, 15};
  const auto two_frames = [&](const std::uint8_t* const* from, std::size_t byte,
                              const std::uint8_t* places) HWY_ATTR {
    const auto upper =
        hn::TableLookupBytesOr0(load_blocks<2>(bytes, from, byte), hn::LoadDup128(bytes, places));
    return hn::BitCast(pairs, hn::ConvertTo(Tag(), hn::BitCast(integers, upper)));
  };
  const std::size_t begin = at * packed_frame_bytes;
  const std::size_t end = begin + tile_bytes - 16;
  const auto even_first = two_frames(rows, begin, first);
  const auto odd_first = two_frames(rows + 1, begin, first);
  const auto even_last = two_frames(rows, end, last);
  const auto odd_last = two_frames(rows + 1, end, last);
  tile[0] = hn::BitCast(Tag(), hn::InterleaveLower(pairs, even_first, odd_first));
  tile[1] = hn::BitCast(Tag(), hn::InterleaveUpper(pairs, even_first, odd_first));
  tile[2] = hn::BitCast(Tag(), hn::InterleaveLower(pairs, even_last, odd_last));
  tile[3] = hn::BitCast(Tag(), hn::InterleaveUpper(pairs, even_last, odd_last));
}

#else

/// `rows`: of the one sample of each frame that the lane takes.
HWY_INLINE void load_packed_tile(const std::uint8_t* const* rows, std::size_t at,
                                 Vector (&tile)[tile_frames]) {
  tile[0] = hn::Set(Tag(), packed_integer(rows[0] + at * packed_frame_bytes));
}

#endif

}  // namespace tiles
}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#endif  // For each target.
