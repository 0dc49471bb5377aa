// SPDX-License-Identifier: MIT
// The K-weighting of BS.1770-5 (a high shelf, then a high-pass) at any sample rate, as stateless kernels.
#pragma once

#include <cstddef>
#include <span>

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

/// Memory of the filter for one channel: two inputs, two outputs of the shelf, two of the high-pass, newest
/// first.
struct KWeightingState {
  double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0, z1 = 0.0, z2 = 0.0;

  bool is_zero() const { return x1 == 0 && x2 == 0 && y1 == 0 && y2 == 0 && z1 == 0 && z2 == 0; }
  /// Sets a memory under -600 dBFS to zero: silence then costs nothing and never becomes denormal.
  void flush();
};

/// Filters `in` into `out` (same length).
void k_weight(const KWeightingCoefficients& filter, KWeightingState& state, std::span<const float> in,
              std::span<double> out) noexcept;
void k_weight(const KWeightingCoefficients& filter, KWeightingState& state, std::span<const float> in,
              std::span<float> out) noexcept;

/// One channel for k_weighted_squares().
struct KWeightingLane {
  const float* in = nullptr;
  KWeightingState* state = nullptr;
  double* sum = nullptr;  ///< The filtered samples' squares are added here, one after the other.
};

/// Filters `frames` samples of each lane and adds up the squares. Lanes run side by side, which hides the
/// latency of the recursion; the result of a lane does not depend on the others.
void k_weighted_squares(const KWeightingCoefficients& filter, std::span<const KWeightingLane> lanes,
                        std::size_t frames) noexcept;

}  // namespace gainstage
