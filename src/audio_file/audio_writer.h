// SPDX-License-Identifier: MIT
// Writes an audio file beside its final name and renames it when whole: a killed or failed run leaves no half
// file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/audio_view.h"
#include "base/error.h"

namespace gainstage {

enum class Container { wav, flac };
enum class SampleFormat { pcm16, pcm24, float32 };
enum class Overwrite { no, yes };

struct WriteFormat {
  Container container = Container::wav;
  SampleFormat sample_format = SampleFormat::pcm24;
  double sample_rate_hz = 48000.0;
  std::size_t channels = 2;
};

/// Integer formats get TPDF dither of +-1 LSB from a fixed seed, so the same input gives the same bytes,
/// however it is cut into blocks. As long as every sample since the start lies on the format's grid (a copy
/// of a file of as many bits), nothing is added; from the first one that does not, the rest of the stream is
/// dithered. Integer samples over full scale are clipped and counted. WAV turns to RF64 by itself past 4 GiB.
class AudioWriter {
 public:
  /// Opens a temporary file in the folder of `path`. Errors: io (folder missing or read-only, disk full;
  /// exists and overwrite is no), usage (FLAC with float32, over 8 channels or 655350 Hz; a rate that is not
  /// a whole number).
  static Result<AudioWriter> create(const std::string& path, const WriteFormat& format, Overwrite overwrite);
  AudioWriter(AudioWriter&&) noexcept;
  AudioWriter& operator=(AudioWriter&&) noexcept;
  ~AudioWriter();  ///< Removes the temporary file unless committed.

  /// Errors: io; bad_input when a sample is not a finite number, in any format.
  Result<void> write(AudioView<const float> block);
  /// The last call. Finishes the header, flushes to disk and renames to the final name.
  Result<void> commit();
  std::uint64_t clipped_samples() const;

 private:
  struct State;
  explicit AudioWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Writes a small file (a report) in the same way: whole or not at all.
Result<void> write_file(const std::string& path, std::string_view bytes, Overwrite overwrite);

}  // namespace gainstage
