// SPDX-License-Identifier: MIT
// Samples that lie in a WAV file as plain integers or floats, read straight from its bytes. For this room
// only.
#pragma once

#include <sndfile.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/packed_samples.h"

namespace gainstage {

/// libsndfile opens the file and says what is in it; this reads the same samples, equal to the last bit, at a
/// fraction of the cost. Not thread-safe.
class PlainSamples {
 public:
  /// Null where the samples are not plain and little-endian, and where anything of the header or of the
  /// first and last samples is not what libsndfile found: then the library goes on reading. `file` may be
  /// left anywhere.
  static std::unique_ptr<PlainSamples> open(const std::string& path, SNDFILE* file, const SF_INFO& info);
  ~PlainSamples();
  PlainSamples(const PlainSamples&) = delete;
  PlainSamples& operator=(const PlainSamples&) = delete;

  PackedSample kind() const { return kind_; }
  std::size_t frame_bytes() const { return frame_bytes_; }
  Frames frames() const { return frames_; }
  Frames position() const { return position_; }
  void seek(Frames frame) { position_ = frame; }  ///< 0 .. frames().

  /// As many whole frames as there are, at most out.frames.
  std::size_t read(AudioView<float> out);
  /// The same, as they lie in the file. For bytes that hold a quarter of a megabyte: every call asks the
  /// system.
  std::size_t read(std::span<std::byte> out);
  /// The system's reason when a read was refused, else 0. A file that has become shorter is no error.
  int error() const { return error_; }

 private:
  PlainSamples(int descriptor, PackedSample kind, std::size_t channels, Frames frames);
  bool agrees_with(SNDFILE* file);
  std::size_t read_at(Frames frame, std::span<std::byte> out);

  int descriptor_;
  PackedSample kind_;
  std::size_t channels_;
  std::size_t frame_bytes_;
  std::uint64_t offset_ = 0;
  Frames frames_;
  Frames position_ = 0;
  int error_ = 0;

  // What was read ahead.
  std::unique_ptr<std::byte[]> ahead_;
  Frames ahead_first_ = 0;
  Frames ahead_end_ = 0;
};

}  // namespace gainstage
