// SPDX-License-Identifier: MIT
// A short piece of a source, read by its place in time. Internal to the room.
#pragma once

#include <string>
#include <vector>

#include "base/audio_view.h"
#include "base/error.h"
#include "session/session.h"

namespace gainstage {

struct Excerpt {
  AudioBuffer samples;  ///< At the source's own rate; what lies before its start or after its end is silent.
  double sample_rate_hz = 0.0;
  double first_s = 0.0;  ///< Time of its first frame.

  /// The value of a channel at a time within the excerpt, between samples too (a windowed sinc of 32
  /// samples).
  double at(std::size_t channel, double seconds) const;
  /// Mean of the channels, at any rate.
  std::vector<float> mono(double rate_hz) const;
};

/// NaN and infinite samples are read as silence.
Result<Excerpt> read_excerpt(const Session& session, const Track& track, double first_s, double length_s);

}  // namespace gainstage
