// SPDX-License-Identifier: MIT
// Polyphase FIR interpolation: the signal between the samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gainstage {

/// An interpolator by `factor`. Phase p gives the signal p/factor of a frame after the sample at
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

/// sinc(t) under a Hann window of `half_width_frames` to both sides.
Interpolator hann_interpolator(std::size_t factor, std::size_t half_width_frames);

/// Of `half_width_frames` to both sides, the closest to the signal between the samples, by its mean square
/// over all frequencies below `band` (under 0.5) of the rate.
Interpolator least_squares_interpolator(std::size_t factor, std::size_t half_width_frames, double band);

/// `second` run on what `first` gives (phase 0 included): interpolates by both factors in one step.
Interpolator cascade(const Interpolator& first, const Interpolator& second);

/// An interpolator whose phase factor - p has the taps of phase p in reverse, as all of these have:
/// each pair is computed from sums and differences of the samples that lie alike around the middle.
struct FoldedInterpolator {
  std::size_t factor = 1;
  std::size_t taps = 0;
  /// For p = 1 ... factor/2: taps/2 for the sums, then taps/2 for the differences.
  std::vector<float> coefficients;
};
FoldedInterpolator fold(const Interpolator& interpolator);

/// What rounding takes from, or adds to, an output of two stages of up to 128 float products together: less
/// than this part of the sum of magnitudes.
inline constexpr double interpolation_rounding = 0x1p-14;

/// Samples behind the last that an output depends on which the following functions may read, and ignore.
inline constexpr std::size_t interpolation_slack = 16;

/// Greatest magnitude of all phases' outputs at count places; output n of a phase depends on taps samples
/// from x[n] on. 0 where the factor is 1. [rt]
float interpolated_peak(const FoldedInterpolator& interpolator, const float* x, std::size_t count) noexcept;

/// out[n] is phase p at place n, to the bit as interpolated_peak() has it. A value does not depend on the
/// block it is computed in. [rt]
void interpolate(const FoldedInterpolator& interpolator, std::size_t p, const float* x,
                 std::span<float> out) noexcept;

/// How far an interpolated signal can go: |output| <= level x (greater of the two samples it lies between)
/// + bend x (greatest |x[i] - 2 x[i + 1] + x[i + 2]| of its window). An output is a mean of those two
/// samples, corrected by second differences; a signal of low frequencies has small ones.
struct InterpolationBound {
  double level = 1.0;
  double bend = 0.0;
};
InterpolationBound bound(const Interpolator& interpolator);

/// A closer bound of some phases: |output| <= greater x (the greater of the two samples it lies between) +
/// lesser x (the other) + near x (the second differences at both, added) + far x (the greatest of its
/// window), all of magnitudes.
struct NearBound {
  double greater = 0.0;
  double lesser = 0.0;
  double near = 0.0;
  double far = 0.0;
};
/// Of the phases from `first` to `last`, at most half the factor, and of those that mirror them, for an
/// interpolator that can be folded.
NearBound near_bound(const Interpolator& interpolator, std::size_t first, std::size_t last);

/// For every cell at least that, and taken from no more than interpolation_slack samples beyond it: the
/// greatest |x[i] - 2 x[i + 1] + x[i + 2]|, i in the cell. Cell k begins at x[k cell_frames]. [rt]
void survey_bends(const float* x, std::size_t cell_frames, std::span<float> bends) noexcept;

/// Stretches of `places` in which every n < count lies where |x[n]| or |x[n + 1]| is at least `least`: where
/// they begin, in order, none to reach beyond `count`. `places` is at most that. How many they are; one more
/// than there is room for where they would be too many. Up to interpolation_slack samples behind x[count] may
/// be read. [rt]
std::size_t loud_stretches(const float* x, std::size_t count, float least, std::size_t places,
                           std::span<std::uint32_t> starts) noexcept;

/// Sum of |tap|: no output of the filter exceeds this times the greatest magnitude that went in.
double l1_norm(std::span<const float> taps) noexcept;

}  // namespace gainstage
