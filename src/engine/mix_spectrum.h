// SPDX-License-Identifier: MIT
// What a track is of the mix, by frequency.
#pragma once

#include "base/bands.h"
#include "session/session.h"
#include "staging/measurements.h"

namespace gainstage {

/// Mean power, over the whole session, of what a track adds to the mix at 0 dB; the channels' energies added,
/// full scale 1. As the mix's own spectrum is taken, so that those of tracks unlike each other add up to it.
ThirdOctaves spectrum_in_mix(const Session& session, const Track& track, const TrackMeasurements& heard);

}  // namespace gainstage
