// SPDX-License-Identifier: MIT
// The K-weighting of BS.1770-5 (a high shelf, then a high-pass) at any sample rate. It is run by
// dsp/k_weighting_lanes.h.
#pragma once

namespace gainstage {

/// Second-order section, a0 = 1: y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2.
struct BiquadCoefficients {
  double b0 = 1.0, b1 = 0.0, b2 = 0.0, a1 = 0.0, a2 = 0.0;
};

struct KWeightingCoefficients {
  BiquadCoefficients shelf;
  BiquadCoefficients high_pass;
};

/// The two filters whose analogue prototypes give the table of BS.1770-5 at 48 kHz, at another rate.
/// The high-pass keeps its constant gain of 1.004994898715, that of the standard's un-normalised numerator at
/// 48 kHz.
KWeightingCoefficients k_weighting(double sample_rate_hz);

}  // namespace gainstage
