// SPDX-License-Identifier: MIT
#include <cmath>

#include "base/loudness_gate.h"
#include "report/report.h"

namespace gainstage {

Measure measure_after(const TrackMeasurements& track, Db gain) {
  Measure measure = track.clip;
  if (!track.hop_energies.empty()) {
    measure.integrated = integrated_loudness(track.hop_energies, gain);
  } else {
    measure.integrated = measure.integrated + gain;
  }
  measure.momentary_max = measure.momentary_max + gain;
  measure.short_term_max = measure.short_term_max + gain;
  for (Db* level : {&measure.true_peak, &measure.sample_peak, &measure.rms, &measure.vu_max, &measure.vu_mean,
                    &measure.k_system, &measure.dc_offset}) {
    *level += gain;
  }
  if (measure.noise_floor) *measure.noise_floor += gain;
  if (measure.plr && std::isfinite(measure.integrated.value)) {
    measure.plr = Db{measure.true_peak.value - measure.integrated.value};
  }
  return measure;
}

}  // namespace gainstage
