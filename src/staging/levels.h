// SPDX-License-Identifier: MIT
// How loud each track wants to be among the others.
#pragma once

#include <vector>

#include "staging/hearing.h"

namespace gainstage {

/// A track's wish, and what it rests on.
struct WantedLevel {
  Db gain;               ///< Relative gain; only differences between tracks mean anything.
  double trust = 0.0;    ///< Weight of the prior in it, 0..1.
  double company = 1.0;  ///< Tracks of its role it shares the role's level with.
  Db shared_sound;       ///< Taken off because other tracks of its family carry the same sound (bleed); >= 0.
};

/// Relative gains of all tracks; silent ones get 0 dB. The style must be decided.
std::vector<WantedLevel> wanted_levels(const std::vector<HeardTrack>& tracks,
                                       const Measurements& measurements, const StagingOptions& options);

/// Loudness of the tracks together at relative gains, taking them as independent sounds.
Lufs loudness_together(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                       const std::vector<Db>& gains);

}  // namespace gainstage
