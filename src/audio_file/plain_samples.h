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
#include <vector>

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
  /// The next whole frames, at most `frames`, as they lie in the file; fewer only at its end. The bytes are
  /// the file's own pages where the system can hold them, else a copy; valid until the next read. Who makes
  /// the file shorter while they are looked at ends the program with SIGBUS. For blocks of tens of kilobytes:
  /// every call asks the system.
  std::span<const std::byte> read_packed(std::size_t frames);
  /// The pages of the next `frames`, mapped so that the processor can fetch them; they may not be looked at.
  /// None where there are not so many.
  std::span<const std::byte> ahead(std::size_t frames);
  /// How much of what was read may stay in memory; whole times 512 KiB.
  void hold(std::size_t bytes) { held_bytes_ = bytes; }
  /// Whether the bytes that read_packed() gave last are the file's own pages.
  bool is_in_place() const { return is_in_place_; }
  /// The system's reason when a read was refused, else 0. A file that has become shorter is no error.
  int error() const { return error_; }

 private:
  PlainSamples(int descriptor, PackedSample kind, std::size_t channels, Frames frames);
  bool agrees_with(SNDFILE* file);
  void map();
  std::size_t read_at(Frames frame, std::span<std::byte> out);
  /// Where in the file the frame at position_ begins.
  std::size_t next_byte() const {
    return static_cast<std::size_t>(offset_) + static_cast<std::size_t>(position_) * frame_bytes_;
  }
  /// Of mapped pages before that.
  void let_go_of_read();
  /// Those of `frames` from position_ on; empty where they can't be looked at.
  std::span<const std::byte> pages(std::size_t frames);
  /// Copies what there is of `frames` from position_ on.
  void copy_ahead(std::size_t frames);
  std::span<const std::byte> copied(std::size_t frames) const;  ///< From position_ on, fewer where it ends.

  int descriptor_;
  PackedSample kind_;
  std::size_t channels_;
  std::size_t frame_bytes_;
  std::uint64_t offset_ = 0;
  Frames frames_;
  Frames position_ = 0;
  Frames asked_until_ = 0;  ///< For frames before it the processor was asked.
  int error_ = 0;

  std::span<std::byte> mapped_;  ///< The whole file; empty where it can't be mapped.
  std::size_t kept_from_ = 0;    ///< Pages before were let go.
  std::size_t held_bytes_ = 512 * 1024;
  bool is_in_place_ = false;

  std::vector<std::byte> copy_;
  Frames copy_first_ = 0;
  Frames copy_end_ = 0;
};

}  // namespace gainstage
