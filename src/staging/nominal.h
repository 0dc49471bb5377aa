// SPDX-License-Identifier: MIT
// The trim: every track to the operating level that the next processor expects.
#pragma once

#include "staging/hearing.h"

namespace gainstage {

struct NominalLevel {
  Db trim;                       ///< Rounded to 0.01 dB.
  bool is_by_peak = false;       ///< Percussive material is set by its peak.
  bool is_held_by_peak = false;  ///< The mean would have put the peak over -6 dBFS.
};

/// Sustained and voiced material to a mean of 0 VU while it sounds; percussive material (crest over 15 dB) to
/// a peak of -10 dBFS; no peak over -6 dBFS. `zero_vu` is the dBFS of 0 VU.
NominalLevel nominal_level(const HeardTrack& track, Db sample_peak, Db zero_vu);

}  // namespace gainstage
