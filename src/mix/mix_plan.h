// SPDX-License-Identifier: MIT
// The mix as an ordered list of additions, and the sums they make block by block. No files, no threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/packed_sum.h"

namespace gainstage {

/// A track's source times a ratio, added to the mix.
struct MixOperation {
  std::size_t track = 0;
  double ratio = 1.0;
};

/// The operations of a mix at these gains (one a track), by track in the session's order. A track at minus
/// infinity has none.
std::vector<MixOperation> plan_mix(std::span<const Db> gains);

/// As plan_mix(), of these tracks only, in their order.
std::vector<MixOperation> plan_mix(std::span<const Db> gains, std::span<const std::size_t> tracks);

/// A block of a track: interleaved samples of a format that can_add_packed() takes, +-1 full scale and
/// finite.
struct MixSource {
  PackedSample kind = PackedSample::float32;
  Spread spread = Spread::straight;  ///< `twice`: one channel, for a mix of two.
  std::span<const std::byte> bytes;
  std::size_t frames = 0;  ///< Fewer than the block's where the track ends within: silence follows.
};

/// The sums of one block, in double precision; rounded to float once, when stored.
///
/// Every function works on the frames first .. first + count - 1 of the block and touches nothing else, so
/// that parts of a block may be summed on different threads. The order of the operations is the order of the
/// additions of each sample: the result depends on nothing else.
class MixSums {
 public:
  /// Neighbours of the same format and length are summed together, up to so many in one pass over the sums.
  static constexpr std::size_t most_together = 8;

  MixSums(std::size_t channels, std::size_t max_block_frames);

  void clear(std::size_t first, std::size_t count) noexcept;
  /// `sources` are the tracks' blocks, one a track.
  void add(std::span<const MixOperation> operations, std::span<const MixSource> sources, std::size_t first,
           std::size_t count) noexcept;
  void store(AudioView<float> mix, std::size_t first, std::size_t count) const noexcept;

 private:
  std::vector<double> sums_;  ///< Interleaved.
  std::size_t channels_;
  std::size_t max_block_frames_;
};

}  // namespace gainstage
