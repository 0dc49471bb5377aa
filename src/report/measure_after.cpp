// SPDX-License-Identifier: MIT
#include <cmath>

#include "base/loudness_gate.h"
#include "report/report.h"

namespace gainstage {

Measure measure_after(const TrackMeasurements& track, Db gain) {
  Measure measure = turned(track.clip, gain);
  if (!track.hop_energies.empty()) measure.integrated = integrated_loudness(track.hop_energies, gain);
  if (measure.plr && std::isfinite(measure.integrated.value)) {
    measure.plr = Db{measure.true_peak.value - measure.integrated.value};
  }
  return measure;
}

}  // namespace gainstage
