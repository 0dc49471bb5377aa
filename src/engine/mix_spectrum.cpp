// SPDX-License-Identifier: MIT
#include "engine/mix_spectrum.h"

namespace gainstage {

ThirdOctaves spectrum_in_mix(const Session& session, const Track& track, const TrackMeasurements& heard) {
  // A mono source is on two channels, and what is shorter than the session is silent for the rest of it.
  double share = track.channels == 1 ? 2.0 : 1.0;
  if (const double whole_s = session.duration_s(); whole_s > 0.0)
    share *= static_cast<double>(track.source_frames) / track.source_rate_hz / whole_s;
  ThirdOctaves powers = heard.features.spectrum;
  for (double& power : powers) power *= share;
  return powers;
}

}  // namespace gainstage
