// SPDX-License-Identifier: MIT
// A reader at the session's rate and channel count: soxr VHQ where rates differ, mono put on two channels.
#pragma once

#include <memory>
#include <optional>

#include "audio_file/audio_reader.h"

namespace gainstage {

/// Streams one source as it goes into the mix. Delay-free: frame 0 in is frame 0 out; `n` frames in are
/// round(n * rate / source rate) out. Non-finite samples are replaced by silence and counted. The result does
/// not depend on the sizes of the blocks it is read in. Not thread-safe; movable.
class ResampledReader {
 public:
  /// Errors: as AudioReader::open(); usage when the rate is not a whole number of hertz, or the source has
  /// more channels.
  static Result<ResampledReader> open(const std::string& path, double sample_rate_hz, std::size_t channels);
  ResampledReader(ResampledReader&&) noexcept;
  ResampledReader& operator=(ResampledReader&&) noexcept;
  ~ResampledReader();

  /// Of the file. Its lengths are corrected as AudioReader says.
  const AudioFileInfo& source() const;
  /// Fills `block` (`channels` wide; channels the source lacks are silent); returns frames, 0 at the end.
  Result<std::size_t> read(AudioView<float> block);

  /// How samples lie that read_packed() reads: where the source is at this rate, and a WAV of a format that
  /// can be summed as it is (dsp/packed_sum.h). Else nothing.
  std::optional<PackedSample> packed() const;
  /// As read(), but interleaved as they lie in the file, and as many channels as the file has. The bytes are
  /// valid until the next read.
  Result<std::span<const std::byte>> read_packed(std::size_t frames);

  /// Whether the bytes that read_packed() gave last are pages of the file, which let_go() takes
  /// (audio_file/file_pages.h).
  bool is_in_place() const;

  /// Goes to a frame of the session's rate. What is read from there on is what was read there without
  /// seeking, up to the rounding of the resampler's floats.
  Result<void> seek(Frames frame);

  std::size_t non_finite_samples() const;
  std::optional<double> first_non_finite_s() const;

 private:
  struct State;
  explicit ResampledReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainstage
