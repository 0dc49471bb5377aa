// SPDX-License-Identifier: MIT
// The mix as an ordered list of additions, and the sums they make block by block. No files, no threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "session/session.h"

namespace gainstage {

/// One addition: a channel of a track's source, times a ratio, into a channel of the mix.
struct MixOperation {
  std::size_t track = 0;
  std::size_t source_channel = 0;
  std::size_t mix_channel = 0;
  double ratio = 1.0;
};

/// Every addition of the mix, by track in the session's order. A track at minus infinity has none. `gains`
/// has one entry a track. The channels are those of
/// Track::source_channel().
std::vector<MixOperation> plan_mix(const Session& session, std::span<const Db> gains);

/// As plan_mix(), of these tracks only, in their order.
std::vector<MixOperation> plan_mix(const Session& session, std::span<const Db> gains,
                                   std::span<const std::size_t> tracks);

/// The sums of one block, in double precision; rounded to float once, when stored.
///
/// Every function works on the frames first .. first + count - 1 of the block and touches nothing else, so
/// that parts of a block may be summed on different threads. The order of the operations is the order of the
/// additions of each sample: the result depends on nothing else.
class MixSums {
 public:
  MixSums(std::size_t channels, std::size_t max_block_frames);

  void clear(std::size_t first, std::size_t count) noexcept;
  /// `sources` are the tracks' blocks, one a track; one with fewer frames than the block is silent after its
  /// end.
  void add(std::span<const MixOperation> operations, std::span<const AudioView<const float>> sources,
           std::size_t first, std::size_t count) noexcept;
  void store(AudioView<float> mix, std::size_t first, std::size_t count) const noexcept;

 private:
  std::span<double> section(std::size_t channel, std::size_t first, std::size_t count) noexcept {
    return std::span<double>(sums_).subspan(channel * max_block_frames_ + first, count);
  }

  std::vector<double> sums_;
  std::size_t channels_;
  std::size_t max_block_frames_;
};

}  // namespace gainstage
