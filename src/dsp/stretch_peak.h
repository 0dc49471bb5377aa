// SPDX-License-Identifier: MIT
// The greatest value between the samples of many stretches of a signal at once.
#pragma once

#include <cstddef>
#include <span>

#include "base/aligned_vector.h"
#include "dsp/interpolator.h"

namespace gainstage {

/// The interpolation of TruePeakMeter over stretches of equal length, each a lane of a vector.
class StretchPeak {
 public:
  /// `first` interpolates by 2 with 24 or 48 taps, `second` what it gives by 2, 4 or 8 with eight, or not at
  /// all; or `first` by 4 with 12 taps, and `second` not at all. [main]
  StretchPeak(const Interpolator& first, const Interpolator& second);

  /// Stretches that a vector of any kind has lanes for: a multiple of so many takes no longer than it must.
  static constexpr std::size_t side_by_side = 16;
  static constexpr std::size_t most_places = 132;

  /// Samples that a place depends on.
  std::size_t taps() const noexcept { return first_.taps + 2 * margin_; }

  struct Greatest {
    float ratio = 0.0f;
    std::size_t stretch = 0;  ///< The first that has it.
  };
  /// The greatest magnitude between the samples, to the bit as interpolate() has both stages, if it is at
  /// least `wanted`; else anything less. Place n of a stretch depends on start[n] to start[n + taps() - 1],
  /// and lies after start[n + taps() / 2 - 1]. Up to interpolation_slack samples more may be read.
  /// `greatest_sample`: at least the greatest magnitude that any place depends on. [rt]
  Greatest greatest(std::span<const float* const> starts, std::size_t places, float wanted,
                    float greatest_sample) noexcept;

  /// NearBound, as a part of the level of InterpolationBound.
  struct Near {
    float greater, lesser, near, far;
  };

  /// What the kernel works on. Internal to the room.
  struct Call {
    const FoldedInterpolator& first;
    const FoldedInterpolator& second;
    float bend;  ///< How much of the second differences the bound of the second stage adds to the level.
    Near ends, inside;  ///< Of the phases next to the first stage's values, and of the others.
    std::span<const float* const> starts;
    std::size_t places;
    float least;  ///< What that must reach for a place to be computed.
    float* rows;  ///< Aligned to a cache line.
  };

 private:
  FoldedInterpolator first_;
  FoldedInterpolator second_;
  std::size_t margin_ = 0;    ///< Frames of the first stage that the second needs before and after.
  InterpolationBound bound_;  ///< Of the second stage.
  Near ends_{}, inside_{};
  double norm_ = 1.0;  ///< No output exceeds this times the greatest sample.
  AlignedVector<float> rows_;
};

}  // namespace gainstage
