// SPDX-License-Identifier: MIT
// The greatest value between the samples of a long stretch, where most places could have it.
#pragma once

#include <cstddef>

#include "base/aligned_vector.h"
#include "dsp/interpolator.h"

namespace gainstage {

/// Interpolation by two with many taps, then by up to eight with eight taps: the stages of TruePeakMeter,
/// over many stretches of the signal at once, each a lane of a vector.
class TwoStagePeak {
 public:
  /// `first` interpolates by 2 and has a multiple of 8 taps; `second` by 2, 4 or 8 with eight. [main]
  TwoStagePeak(const Interpolator& first, const Interpolator& second);

  /// Places of the samples that one call looks at.
  static constexpr std::size_t outputs = 2048;
  /// Frames of the first stage that the second needs before and after.
  static constexpr std::size_t margin = 2;
  /// Place n depends on samples[n] to samples[n + taps() - 1], and lies after samples[n + taps() / 2 - 1]. Up
  /// to interpolation_slack samples more may be read.
  std::size_t taps() const noexcept { return first_.taps + 2 * margin; }

  /// The greatest magnitude between the samples, to the bit as interpolate() has both stages, if it is at
  /// least `floor`; else anything less. `greatest_sample`: at least the greatest magnitude that any place
  /// depends on. [rt]
  float greatest(const float* samples, float floor, float greatest_sample) noexcept;

  /// What the kernel works on. Internal to the room. Row 2 k of `rows` holds sample k of every lane, row 2 k
  /// + 1 what lies halfway to the next: the values of the first stage one after the other, as the second
  /// takes them.
  struct Call {
    const FoldedInterpolator& first;
    const FoldedInterpolator& second;
    float level, bend;  ///< The second stage's InterpolationBound.
    const float* samples;
    float least;  ///< What a bound must reach for its place to be computed.
    float* rows;  ///< Aligned to a cache line.
  };

 private:
  FoldedInterpolator first_;
  FoldedInterpolator second_;
  InterpolationBound bound_;  ///< Of the second stage.
  double norm_;               ///< No output exceeds this times the greatest sample.
  AlignedVector<float> rows_;
};

}  // namespace gainstage
