// SPDX-License-Identifier: MIT
// A session as plain values: what is mixed, without samples.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "session/signal_flow.h"

namespace gainstage {

/// A strip on a way of sound to the mix.
struct FlowStep {
  std::size_t strip = 0;
  bool is_by_fader = true;  ///< False: by a send that is taken before it.
  auto operator<=>(const FlowStep&) const = default;
};

/// A way of sound from a strip to the mix, each step feeding the next and the last one the mix: all ways that
/// pass the same stages are one.
using FlowWay = std::vector<FlowStep>;

/// One source of the mix. A mono source goes to the first two channels of the mix at unity gain; any other
/// goes channel by channel to those of `mix_channels`.
struct Track {
  std::string name;         ///< File name within the session's folder; unique within a session.
  std::string source_path;  ///< Where its samples are.
  double source_rate_hz = 0.0;
  std::size_t channels = 0;
  Frames source_frames = 0;  ///< In frames of the source's own rate, as its header promises.
  /// The channel of the mix of each source channel, all different; empty: those of the same number.
  std::vector<std::size_t> mix_channels = {};
  /// Of a DAW's session: the strip of Session::flow whose part in the mix this is. `source_path` is then
  /// empty, or a printed stem that stands in for its clips and inserts.
  std::optional<std::size_t> strip = {};
  /// Of what the strip adds to the mix, only what takes this way; empty: all of it. It begins at `strip`.
  FlowWay way = {};

  /// The source channel that a channel of the mix gets; absent: none.
  std::optional<std::size_t> source_channel(std::size_t mix_channel) const {
    if (channels == 1) return mix_channel < 2 ? std::optional<std::size_t>(0) : std::nullopt;
    if (mix_channels.empty()) return mix_channel < channels ? std::optional(mix_channel) : std::nullopt;
    const auto found = std::find(mix_channels.begin(), mix_channels.end(), mix_channel);
    if (found == mix_channels.end()) return std::nullopt;
    return static_cast<std::size_t>(found - mix_channels.begin());
  }
};

/// Invariants: at least one track; names are unique; `channels` >= 2 and >= every track's channels.
struct Session {
  std::string name;
  double sample_rate_hz =
      0.0;                   ///< The most common rate of the sources; the higher one when two are as common.
  std::size_t channels = 2;  ///< Channels of the mix.
  /// Of stems sorted by name, so that the order of a folder listing changes nothing; of a DAW's in its own
  /// order.
  std::vector<Track> tracks;
  /// What a DAW's mixer makes of its tracks. Each track is then, at 0 dB, what it adds to the mix at present:
  /// as wide as the mix, at the session's rate, as long as the session.
  std::optional<SignalFlow> flow = {};

  /// Length in seconds of the longest track.
  double duration_s() const {
    double longest = 0.0;
    for (const Track& track : tracks) {
      if (track.source_rate_hz <= 0.0) continue;
      const double seconds = static_cast<double>(track.source_frames) / track.source_rate_hz;
      if (seconds > longest) longest = seconds;
    }
    return longest;
  }
};

}  // namespace gainstage
