// SPDX-License-Identifier: MIT
// All tracks of a session read together, block by block, as they go into the mix. Internal to the room.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/audio_view.h"
#include "base/error.h"
#include "engine/engine.h"
#include "engine/job.h"
#include "engine/track_source.h"
#include "session/session.h"

namespace gainstage {

/// Opens the sources of the tracks of these indices at the session's rate, each of its own channel count.
Result<std::vector<TrackSource>> open_sources(const Session& session, std::span<const std::size_t> tracks,
                                              Job& job);

/// Fills `block` from its start; fewer frames only at the track's end. An error names the track; so does one
/// for samples that are not finite, when they may not be.
Result<std::size_t> read_whole_block(TrackSource& reader, const std::string& track, NonFinite non_finite,
                                     AudioView<float> block);
Result<void> check_finite(const TrackSource& reader, const std::string& track, NonFinite non_finite);

/// As planar floats.
class TrackStreams {
 public:
  /// Opens the tracks of these indices. Each has its own channel count.
  static Result<TrackStreams> open(const Session& session, std::span<const std::size_t> tracks,
                                   NonFinite non_finite, std::size_t max_block_frames, Job& job);

  /// Reads the next block of every track. Returns the frames of the longest; 0 when all have ended.
  Result<std::size_t> read(Job& job);

  /// One a track of the session: what read() got, 0 frames where nothing is left or it was not opened.
  std::span<const AudioView<const float>> blocks() const { return blocks_; }
  std::size_t max_block_frames() const { return max_block_frames_; }

 private:
  struct Stream {
    std::size_t track;
    std::string name;
    TrackSource reader;
    AudioBuffer buffer;
  };

  Result<void> read(Stream& stream);

  std::vector<Stream> streams_;
  std::vector<AudioView<const float>> blocks_;
  NonFinite non_finite_ = NonFinite::refuse;
  std::size_t max_block_frames_ = 0;
};

}  // namespace gainstage
