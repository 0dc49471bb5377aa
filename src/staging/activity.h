// SPDX-License-Identifier: MIT
// When a track sounds, and how loud it is while it does. Everything is relative to the track's own level, so
// scaling a track scales the result and nothing else.
#pragma once

#include <span>
#include <vector>

#include "base/units.h"
#include "staging/measurements.h"
#include "staging/plan.h"

namespace gainstage {

/// Hysteresis gate over the 400 ms blocks of a track (one a 100 ms hop, so hops - 3 of them; none when
/// shorter).
///
/// The reference is the mean energy of the loudest 10 % of those blocks that lie within 40 dB of the loudest:
/// a sparse track is judged by what it plays, not by its rests. The gate opens 20 dB under the reference and
/// closes 26 dB under it. Thread: any.
std::vector<bool> sounding_blocks(std::span<const double> hop_energies);

/// The same, per 100 ms hop: a hop sounds when a sounding block covers it. As long as `hop_energies`; a track
/// shorter than a block sounds in the hops within 20 dB of its loudest.
std::vector<bool> sounding_hops(std::span<const double> hop_energies);

/// Loudness of a track while it sounds, by the first detector of the fallback chain that applies.
struct SoundingLoudness {
  Lufs loudness;
  SoundingDetector detector = SoundingDetector::integrated;
  double seconds = 0.0;  ///< How long it sounds.
};
SoundingLoudness loudness_while_sounding(const TrackMeasurements& track);

/// Mean VU deflection while sounding, dBFS (a sine reads its RMS); minus infinity for silence.
Db mean_vu_while_sounding(const TrackMeasurements& track);

/// Silent for staging: nothing reaches -80 LUFS for 400 ms (or, in a shorter track, in its whole length).
bool is_silent(const TrackMeasurements& track);

}  // namespace gainstage
