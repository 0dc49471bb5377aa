// SPDX-License-Identifier: MIT
// Samples of tracks, kept between the passes over a session, so that their files are decoded once.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "base/aligned_vector.h"
#include "base/audio_view.h"
#include "session/session.h"

namespace gainstage {

/// Memory for decoded samples, within a limit. A plain WAV at the session's rate is never kept: it is summed
/// straight from the bytes of its file, which costs less than to fill memory with a copy. Of the other
/// tracks, as many as fit are kept, in the session's order.
///
/// measure_session() fills it, and what sums the same session reads it; the files must not change in between.
class DecodedSamples {
 public:
  explicit DecodedSamples(std::size_t most_bytes) : bytes_left_(most_bytes) {}

  /// One track's, interleaved. Different tracks may be filled on different threads.
  class Kept {
   public:
    /// Lets go of everything where the track is longer than its file said.
    void append(AudioView<const float> block);
    void finish() { is_whole_ = is_held_; }  ///< After the last block.

   private:
    friend class DecodedSamples;
    AlignedVector<float> samples_;
    bool is_held_ = true;
    bool is_whole_ = false;
  };

  /// Room for a track of the session; null where none is left. [main]
  Kept* make_room(const Session& session, const Track& track);
  /// Its samples at the session's rate; empty where they were not kept whole. [any], once all are filled
  std::span<const float> samples(const Session& session, const Track& track) const;

 private:
  /// What the samples are: a file, or what a strip adds to the mix, at a rate.
  using Key = std::tuple<std::string, std::optional<std::size_t>, FlowWay, double>;
  static Key key_of(const Session& session, const Track& track) {
    return {track.source_path, track.strip, track.way, session.sample_rate_hz};
  }

  std::size_t bytes_left_;
  std::map<Key, Kept> kept_;
};

}  // namespace gainstage
