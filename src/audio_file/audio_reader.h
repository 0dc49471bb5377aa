// SPDX-License-Identifier: MIT
// An audio file as a stream of planar float blocks. Reads whatever libsndfile opens; memory does not grow
// with length.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/audio_view.h"
#include "base/channel_position.h"
#include "base/error.h"
#include "base/units.h"
#include "dsp/packed_samples.h"

namespace gainstage {

/// How samples lie in a file.
enum class SampleKind { integer, floating };

/// Where a channel's loudspeaker stands, as far as BS.1770 weights it.
enum class Speaker { front, surround, lfe, other };

struct AudioFileInfo {
  std::string path;
  std::string container;  ///< "WAV", "FLAC", "AIFF"...
  SampleKind kind = SampleKind::integer;
  int bits = 16;  ///< Bits a sample (of the decoder, for lossy formats 32 floating).
  double sample_rate_hz = 0.0;
  Frames frames =
      0;  ///< What can be read. In a damaged file it may be the header's word: never allocate by it.
  /// The file ends before its end: the header promises `missing_frames` more, or the end mark is missing
  /// (then 0).
  bool is_truncated = false;
  Frames missing_frames = 0;
  /// One a channel: from the file's channel map, else the usual order of its count.
  std::vector<Speaker> layout;
  std::vector<ChannelPosition> positions;  ///< The same in full, one a channel.
  bool are_positions_known = false;        ///< By the file or its container; else they are the usual ones.

  std::size_t channels() const { return layout.size(); }
  /// Greatest positive value an integer file can hold, as a float: 1 - 2^(1 - bits), which is 1 from 26 bits
  /// on; 1 for floating point.
  double ceiling() const;
};

/// Of the usual order of as many channels (base/channel_position.h).
std::vector<Speaker> default_layout(std::size_t channels);

/// The length is what is there, found when the file is opened: a compressed file whose end can't be read
/// where its header promises it (truncated, streamed without a length) is decoded once to count.
/// `missing_frames` over 0 is a truncated file; what is there is read. Not thread-safe; different readers may
/// be used on different threads. Movable.
class AudioReader {
 public:
  /// Errors: bad_input with a sentence for anything that is not readable audio (missing, empty, truncated
  /// header, no channels, no rate, not 8 to 384 kHz, over 64 channels); io when the system refuses.
  static Result<AudioReader> open(const std::string& path);
  AudioReader(AudioReader&&) noexcept;
  AudioReader& operator=(AudioReader&&) noexcept;
  ~AudioReader();

  const AudioFileInfo& info() const;

  /// Fills `block` from its start with up to block.frames frames; returns how many, 0 at the end. Samples are
  /// as stored, +-1 full scale; NaN and infinity are passed through. An error mid-file names the second it
  /// happened at.
  Result<std::size_t> read(AudioView<float> block);

  /// How samples lie in a file that read_packed() reads: a WAV of plain integers or floats. Else nothing.
  std::optional<PackedSample> packed() const;
  /// As read(), but interleaved, as they lie in the file: at most `frames` whole frames, none at the end.
  /// Only where packed() says how. The bytes are valid until the next read or seek.
  Result<std::span<const std::byte>> read_packed(std::size_t frames);

  /// Where the next `frames` lie in memory, for the processor to fetch ahead of the next read; they may not
  /// be looked at. None where they do not lie there, or at the end.
  std::span<const std::byte> ahead(std::size_t frames);

  /// Whether the bytes that read_packed() gave last are pages of the file, which let_go() takes.
  bool is_in_place() const;

  /// How much of what was read may stay in memory where it is read in the file's own pages, in whole times
  /// 512 KiB, which it is at first. Letting go of pages makes all threads of the program wait: who reads few
  /// files at once holds more.
  void hold(std::size_t bytes);

  /// Goes to a frame of the file's own rate.
  Result<void> seek(Frames frame);

 private:
  struct State;
  explicit AudioReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace gainstage
