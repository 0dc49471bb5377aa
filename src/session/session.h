// SPDX-License-Identifier: MIT
// A session as plain values: what is mixed, without samples.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/units.h"

namespace gainstage {

/// One source of the mix. A mono source goes to the first two channels of the mix at unity gain; every other
/// channel count goes to the channels of the same number.
struct Track {
  std::string name;         ///< File name within the session's folder; unique within a session.
  std::string source_path;  ///< Where its samples are.
  double source_rate_hz = 0.0;
  std::size_t channels = 0;
  Frames source_frames = 0;  ///< In frames of the source's own rate, as its header promises.
};

/// Invariants: at least one track; names are unique; `channels` >= 2 and >= every track's channels.
struct Session {
  std::string name;
  double sample_rate_hz =
      0.0;                    ///< The most common rate of the sources; the higher one when two are as common.
  std::size_t channels = 2;   ///< Channels of the mix.
  std::vector<Track> tracks;  ///< Sorted by name, so that the order of a folder listing changes nothing.

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
