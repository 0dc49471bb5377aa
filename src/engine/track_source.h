// SPDX-License-Identifier: MIT
// One track of a session as it goes into the mix, whatever it comes from. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "audio_file/resampled_reader.h"
#include "engine/source_reader.h"
#include "session/session.h"

namespace gainstage {

/// A file at the session's rate, or what a DAW's strip adds to the mix. As ResampledReader; movable.
class TrackSource {
 public:
  /// The session must outlive this.
  static Result<TrackSource> open(const Session& session, const Track& track);

  const AudioFileInfo& source() const;
  Result<std::size_t> read(AudioView<float> block);
  std::optional<PackedSample> packed() const;
  Result<std::span<const std::byte>> read_packed(std::size_t frames);
  bool is_in_place() const;
  std::size_t non_finite_samples() const;
  std::optional<double> first_non_finite_s() const;

 private:
  explicit TrackSource(std::variant<ResampledReader, SourceReader> reader) : reader_(std::move(reader)) {}

  std::variant<ResampledReader, SourceReader> reader_;
};

}  // namespace gainstage
