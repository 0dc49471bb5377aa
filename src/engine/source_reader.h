// SPDX-License-Identifier: MIT
// A file's own samples in full blocks, with what is not a number taken out. Internal to the room.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "audio_file/audio_reader.h"
#include "base/audio_view.h"
#include "base/error.h"
#include "engine/strip_reader.h"
#include "session/session.h"

namespace gainstage {

/// Frames of a block of `channels` channels: whole tenths of a second, as many as keep it under 16 MiB; at
/// most 1 s.
std::size_t block_frames(double sample_rate_hz, std::size_t channels);

/// Sets NaN and infinite samples to zero.
struct NonFiniteFound {
  std::size_t samples = 0;      ///< Of all channels.
  std::size_t first_frame = 0;  ///< Meaningful when samples > 0.
};
NonFiniteFound silence_non_finite(AudioView<float> block) noexcept;

/// The error for `samples` of them, the first at `seconds`.
Error non_finite_error(const std::string& file, std::size_t samples, double seconds);

class SourceReader {
 public:
  static Result<SourceReader> open(const std::string& path);
  /// A track's file, or what its strip adds to the mix. The session must outlive this.
  static Result<SourceReader> open(const Session& session, const Track& track);
  /// The mix of a session with a flow.
  static Result<SourceReader> open_mix(const Session& session);

  const AudioFileInfo& info() const { return info_; }
  /// Whether the samples can be summed as they lie in the file.
  bool is_plain() const;

  /// Fills `block`; returns fewer frames than it has only at the end, then 0.
  Result<std::size_t> read(AudioView<float> block);
  /// Of 24-bit stereo in a plain file: as read(), but the bytes as they lie there, at most `frames` whole
  /// frames; none at the end, valid until the next read.
  bool has_packed_stereo() const;
  Result<std::span<const std::byte>> read_packed_stereo(std::size_t frames);
  /// As AudioReader::ahead(); none where the samples are made here.
  std::span<const std::byte> ahead(std::size_t frames);
  /// As AudioReader::hold(); nothing where the samples are made here.
  void hold(std::size_t bytes);
  /// Goes to a frame of its own rate.
  Result<void> seek(Frames frame);

  std::size_t non_finite_samples() const { return non_finite_samples_; }
  std::optional<double> first_non_finite_s() const { return first_non_finite_s_; }
  Frames frames_read() const { return frames_read_; }

 private:
  SourceReader(std::variant<AudioReader, StripReader, MixReader> reader, AudioFileInfo info)
      : reader_(std::move(reader)), info_(std::move(info)) {}

  /// Whether the samples are made here and not read from a file.
  bool is_made() const { return !std::holds_alternative<AudioReader>(reader_); }

  std::variant<AudioReader, StripReader, MixReader> reader_;
  AudioFileInfo info_;
  Frames frames_read_ = 0;
  std::size_t non_finite_samples_ = 0;
  std::optional<double> first_non_finite_s_;
};

}  // namespace gainstage
