// SPDX-License-Identifier: MIT
// Polyphase FIR interpolation: the signal between the samples.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gainstage {

/// A windowed-sinc interpolator by `factor`. Phase p gives the signal p/factor of a frame after the sample at
/// taps/2 - 1 of its input window; phase 0 is that sample itself and has no filter. `taps` is even.
struct Interpolator {
  std::size_t factor = 1;
  std::size_t taps = 0;
  std::vector<float>
      coefficients;  ///< Phase 1's taps, phase 2's, ... phase factor - 1's, oldest sample first.

  std::span<const float> phase(std::size_t p) const {
    return std::span<const float>(coefficients).subspan((p - 1) * taps, taps);
  }
};

/// sinc(t) under a Kaiser window of `half_width_frames` to both sides.
Interpolator kaiser_interpolator(std::size_t factor, std::size_t half_width_frames, double beta);
/// sinc(t) under a Hann window of `half_width_frames` to both sides.
Interpolator hann_interpolator(std::size_t factor, std::size_t half_width_frames);

/// `second` run on what `first` gives (phase 0 included): interpolates by both factors in one step.
Interpolator cascade(const Interpolator& first, const Interpolator& second);

/// Sum of |tap|: no output of the filter exceeds this times the greatest magnitude that went in.
double l1_norm(std::span<const float> taps) noexcept;

/// out[n] = sum over j of taps[j] x[n + j]; x holds out.size() + taps.size() - 1 samples. Every output is
/// summed in the order of j, so a value does not depend on the block it is computed in.
void correlate(std::span<const float> taps, const float* x, std::span<float> out) noexcept;

}  // namespace gainstage
