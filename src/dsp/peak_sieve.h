// SPDX-License-Identifier: MIT
// Which places of a signal can hold a peak between the samples, told from integers of 16 bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_vector.h"
#include "dsp/interpolator.h"

namespace gainstage {

/// Of the first stage: all taps, or two thirds of them, which lets more through and takes less time.
enum class SieveTaps { nearest, all };

/// Finds what StretchPeak need not look at: the first stage of the interpolation is computed in integers, of
/// which a vector holds twice as many, and the second is bounded. How far an integer can be off is known, so
/// no place is left out that has what is wanted.
class PeakSieve {
 public:
  /// `first` interpolates by 2 with 24 or 48 taps, `second` what it gives by 2, 4 or 8 with eight. [main]
  PeakSieve(const Interpolator& first, const Interpolator& second);

  static constexpr std::size_t side_by_side = 32;  ///< Parts that what is looked at is cut into.
  static constexpr std::size_t most_places = side_by_side * 132;

  /// Samples that a place depends on.
  std::size_t taps() const noexcept { return first_.taps + 2 * margin_; }

  /// Stretches of `places` in which every place n < count lies that has, between the samples, a magnitude of
  /// at least `wanted` as interpolate() has both stages: where they begin, in order, none to reach beyond
  /// `count`. How many they are; one more than there is room for where they would be too many. Place n
  /// depends on x[n] to x[n + taps() - 1]; up to interpolation_slack samples more may be read. `count` is
  /// from side_by_side x places to most_places. `greatest_sample`: at least the greatest magnitude among
  /// the samples. [rt]
  std::size_t stretches(SieveTaps used, const float* x, std::size_t count, float wanted,
                        float greatest_sample, std::size_t places, std::span<std::uint32_t> starts) noexcept;

  /// NearBound in parts of 2^15, but `near` for the mean of the two.
  struct Near {
    std::int16_t greater, lesser, near, far;
  };

  /// Taps next to the middle. The others are small, and kept four times as large. Internal to the room.
  static constexpr std::size_t near_taps = 8;

  /// What the kernel works on. Internal to the room.
  struct Call {
    const std::int16_t* taps;  ///< Of the sums of two samples, the furthest first.
    std::size_t half;          ///< How many.
    const float* x;
    std::size_t count;
    float scale;
    std::int16_t bend;
    std::array<Near, 3> phases;
    std::int16_t ignored, ignored_closer, ignored_halfway;  ///< Bounds and values up to so much do not count.
    std::size_t places;
    std::span<std::uint32_t> starts;
    std::int16_t* samples;  ///< These three aligned to a cache line: the samples,
    std::int16_t* rows;     ///< one of each part a row,
    std::int16_t* halfway;  ///< and what the first stage makes of them.
  };

 private:
  FoldedInterpolator first_;
  std::size_t margin_ = 0;  ///< Frames of the first stage that the second needs before and after.
  std::vector<std::int16_t> integer_taps_;
  double full_scale_ = 0.0;          ///< The integer that stands for the greatest sample.
  double error_ = 0.0;               ///< No integer is further off,
  double left_out_ = 0.0;            ///< but for this, where taps are left out.
  InterpolationBound bound_;         ///< Of the second stage.
  std::array<NearBound, 3> phases_;  ///< Of its phase next to the first stage's values, the next, the others.
  double norm_ = 1.0;                ///< No output exceeds this times the greatest sample.
  AlignedVector<std::int16_t> samples_, rows_, halfway_;
};

}  // namespace gainstage
