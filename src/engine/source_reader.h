// SPDX-License-Identifier: MIT
// A file's own samples in full blocks, with what is not a number taken out. Internal to the room.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "audio_file/audio_reader.h"
#include "base/audio_view.h"
#include "base/error.h"

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

  const AudioFileInfo& info() const { return reader_.info(); }
  /// Whether the samples can be summed as they lie in the file.
  bool is_plain() const;

  /// Fills `block`; returns fewer frames than it has only at the end, then 0.
  Result<std::size_t> read(AudioView<float> block);

  std::size_t non_finite_samples() const { return non_finite_samples_; }
  std::optional<double> first_non_finite_s() const { return first_non_finite_s_; }
  Frames frames_read() const { return frames_read_; }

 private:
  explicit SourceReader(AudioReader reader) : reader_(std::move(reader)) {}

  AudioReader reader_;
  Frames frames_read_ = 0;
  std::size_t non_finite_samples_ = 0;
  std::optional<double> first_non_finite_s_;
};

}  // namespace gainstage
