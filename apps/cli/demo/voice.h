// SPDX-License-Identifier: MIT
// Singers: a glottal source through the resonances of a vocal tract.
#pragma once

#include <cstdint>
#include <span>

#include "demo/score.h"
#include "demo/signal.h"

namespace gainstage::demo {

/// What makes one singer differ from the next.
struct Singer {
  std::uint64_t seed = 1;
  double tract = 1.0;  ///< Scales the formants: over 1 a shorter vocal tract.
  double vibrato_hz = 5.4;
  double vibrato_cents = 32.0;
  double breathiness = 0.05;
  double detune_cents = 0.0;
  double late_s = 0.0;
  bool breathes_audibly = true;
};

/// Fills `out` from the beginning of the song.
void sing(std::span<const Syllable> part, const Singer& singer, std::span<float> out, double rate_hz);

}  // namespace gainstage::demo
