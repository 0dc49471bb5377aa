// SPDX-License-Identifier: MIT
// All tracks of a session read together, block by block, as the mix sums them. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/track_streams.h"
#include "mix/mix_plan.h"

namespace gainstage {

/// A plain WAV at the session's rate is summed straight from its bytes, and a track that was decoded before
/// from the samples that were kept; of any other source there is a copy in floats, as wide as the mix.
class MixSources {
 public:
  /// `is_heard`: one a track. Of the others nothing is read but how long they are. `other_channels`: how many
  /// channels of as many floats as a block has frames there are besides.
  static Result<MixSources> open(const Session& session, const std::vector<bool>& is_heard,
                                 NonFinite non_finite, std::size_t other_channels, Job& job);

  /// Reads the next block of every track. Returns the frames of the longest; 0 when all have ended.
  Result<std::size_t> read(Job& job);

  /// One a track of the session: what read() got; of a track that is not heard the length alone.
  std::span<const MixSource> blocks() const { return blocks_; }
  /// Frames first .. first + count - 1 of the block are not looked at again, of these tracks. Any thread.
  void let_go(std::span<const MixOperation> operations, std::size_t first, std::size_t count) const;
  std::size_t max_block_frames() const { return max_block_frames_; }

 private:
  struct Stream {
    std::string name;
    TrackSource reader;
    std::size_t channels;
    std::vector<std::optional<std::size_t>> source_channels;  ///< One a channel of the mix.
    Frames frames_left;                                       ///< Of a track that is not heard.
    bool is_heard;
    std::span<const float> kept{};  ///< What is left of a track that was decoded before; interleaved.
    bool is_kept = false;
    bool is_packed = false;
    AudioBuffer planar{};              ///< Where it is not.
    std::vector<float> interleaved{};  ///< As wide as the mix.
  };

  Result<void> read(Stream& stream, MixSource& block);
  void interleave(Stream& stream, std::size_t frames) const;

  std::vector<Stream> streams_;
  std::vector<MixSource> blocks_;
  NonFinite non_finite_ = NonFinite::refuse;
  std::size_t mix_channels_ = 0;
  std::size_t max_block_frames_ = 0;
};

}  // namespace gainstage
