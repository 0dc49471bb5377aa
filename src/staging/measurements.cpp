// SPDX-License-Identifier: MIT
#include "staging/measurements.h"

namespace gainstage {

Measure turned(Measure measure, Db gain) {
  measure.integrated = measure.integrated + gain;
  measure.momentary_max = measure.momentary_max + gain;
  measure.short_term_max = measure.short_term_max + gain;
  for (Db* level : {&measure.true_peak, &measure.sample_peak, &measure.rms, &measure.vu_max, &measure.vu_mean,
                    &measure.k_system, &measure.dc_offset})
    *level += gain;
  if (measure.noise_floor) *measure.noise_floor += gain;
  return measure;
}

}  // namespace gainstage
