// SPDX-License-Identifier: MIT
// What the clips of a strip give into its trim. Internal to the room.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audio_file/resampled_reader.h"
#include "base/audio_view.h"
#include "base/error.h"
#include "mix/timed_gains.h"
#include "session/signal_flow.h"

namespace gainstage {

/// A source at the session's rate, read from any place; silent before its start and after its end.
class PlacedSource {
 public:
  static Result<PlacedSource> open(const std::string& path, double sample_rate_hz);

  std::size_t channels() const { return reader_.source().channels(); }
  Frames frames() const { return frames_; }  ///< At the session's rate.
  /// Fills `block`, as wide as the source, from a frame on.
  Result<void> read(Frames first, AudioView<float> block);
  std::size_t non_finite_samples() const { return reader_.non_finite_samples(); }
  std::optional<double> first_non_finite_s() const { return reader_.first_non_finite_s(); }

 private:
  PlacedSource(ResampledReader reader, Frames frames) : reader_(std::move(reader)), frames_(frames) {}

  ResampledReader reader_;
  Frames frames_;
  Frames next_ = 0;  ///< Where the reader stands.
};

/// Samples found that are not finite, and when the first of them sounds.
struct NonFiniteCount {
  std::size_t samples = 0;
  std::optional<double> first_s = {};
};

/// All clips of a strip, mixed in the order of their layers. A clip that can't be heard (its media are
/// missing, it is muted or stretched) is silent. Only the clips under the block are open.
class ClipReader {
 public:
  /// The flow must outlive this. Errors: none before reading; a file that can't be opened is told when it
  /// sounds.
  ClipReader(const SignalFlow& flow, std::size_t strip, double sample_rate_hz);

  /// Overwrites `block`, as wide as the strip; frame 0 is the flow's start.
  Result<void> read(Frames first, AudioView<float> block);
  const NonFiniteCount& non_finite() const { return non_finite_; }

 private:
  struct OpenClip {
    std::vector<PlacedSource> sources;
    std::optional<TimedGains> gains;
    std::optional<TimedGains> beneath;  ///< Of an opaque clip.
    std::size_t channels = 0;
  };
  struct PlacedClip {
    const Clip* clip;
    Frames begin;
    Frames end;
    std::unique_ptr<OpenClip> open = {};
  };

  Result<std::unique_ptr<OpenClip>> open(const Clip& clip) const;
  Result<void> add(PlacedClip& placed, Frames first, AudioView<float> block);
  Result<void> read_sources(PlacedClip& placed, Frames first, AudioView<float> sound);

  const SignalFlow* flow_;
  const Strip* strip_;
  double sample_rate_hz_;
  std::vector<PlacedClip> clips_;
  AudioBuffer sound_;
  AudioBuffer scratch_;
  NonFiniteCount non_finite_;
};

/// Whether a clip can be heard: it is not muted, runs at its source's own speed, and all its media are there.
bool can_be_heard(const SignalFlow& flow, const Clip& clip);

}  // namespace gainstage
