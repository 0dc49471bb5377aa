// SPDX-License-Identifier: MIT
// A track of a DAW's session as what it adds to the mix. Internal to the room.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/clip_reader.h"
#include "mix/flow_paths.h"
#include "session/session.h"

namespace gainstage {

/// What enters a strip: the sound of its clips, or a printed stem in their place.
class StripInput {
 public:
  static Result<StripInput> open(const Session& session, std::size_t strip, const std::string& printed_path);

  /// Overwrites `block`, as wide as the strip.
  Result<void> read(Frames first, AudioView<float> block);
  NonFiniteCount non_finite() const;

 private:
  explicit StripInput(ClipReader clips) : clips_(std::move(clips)) {}

  ClipReader clips_;
  std::optional<PlacedSource> printed_;
  AudioBuffer printed_sound_;
};

/// The printed stems of a session's tracks: one a strip, empty where there is none.
std::vector<std::string> printed_stems(const Session& session);

/// As wide as the mix, from the flow's start to its end. The session must outlive this.
class StripReader {
 public:
  static Result<StripReader> open(const Session& session, const Track& track);

  Frames frames() const { return frames_; }
  /// Fills `block` from where it stands; fewer frames only at the end, then 0.
  Result<std::size_t> read(AudioView<float> block);
  void seek(Frames frame) { next_ = frame; }
  NonFiniteCount non_finite() const { return over_.samples > 0 ? over_ : input_.non_finite(); }

 private:
  StripReader(const Session& session, const Track& track, StripInput input);
  void silence_non_finite(AudioView<float> block);

  TimedGains gains_;
  StripInput input_;
  AudioBuffer sound_;
  NonFiniteCount over_;  ///< Of gains beyond all floats.
  double sample_rate_hz_;
  std::size_t channels_;
  Frames frames_;
  Frames next_ = 0;
};

/// The mix of all tracks of a session with a flow, at present settings: what its master gives out.
class MixReader {
 public:
  static Result<MixReader> open(const Session& session);

  Frames frames() const;
  /// As StripReader.
  Result<std::size_t> read(AudioView<float> block);
  void seek(Frames frame);
  NonFiniteCount non_finite() const;

 private:
  explicit MixReader(std::vector<StripReader> strips) : strips_(std::move(strips)) {}

  std::vector<StripReader> strips_;
  AudioBuffer part_;
  std::vector<double> sums_;
};

}  // namespace gainstage
