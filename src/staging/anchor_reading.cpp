// SPDX-License-Identifier: MIT
#include "staging/anchor_reading.h"

namespace gainstage {

Db anchor_reading(const MixMeasurements& mix, AnchorDetector detector) {
  constexpr Db zero_vu{-18.0};
  switch (detector) {
    case AnchorDetector::peak:
      return mix.sample_peak;
    case AnchorDetector::true_peak:
      return mix.true_peak;
    case AnchorDetector::vu:
      return mix.vu_max + zero_vu;
    case AnchorDetector::rms:
      return mix.rms;
    case AnchorDetector::short_term:
      return {mix.short_term_max.value};
  }
  return silent_db;
}

}  // namespace gainstage
