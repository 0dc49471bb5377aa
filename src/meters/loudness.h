// SPDX-License-Identifier: MIT
// Loudness as ITU-R BS.1770-5 and EBU Tech 3341 and 3342 have it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/loudness_gate.h"
#include "base/units.h"
#include "dsp/k_weighting.h"
#include "meters/hop_clock.h"
#include "meters/meter.h"

namespace gainstage {

// Channel weights of BS.1770-5, table 4. Without elevation: 1.41 between 60 and 120 degrees to the side.
inline constexpr double front_weight = 1.0;
inline constexpr double surround_weight = 1.41;
inline constexpr double lfe_weight = 0.0;

/// Momentary (0.4 s) and short-term (3 s) loudness every 10 ms, and the 100 ms energies from which integrated
/// loudness and loudness range follow (base/loudness_gate.h).
///
/// A hop of 10 ms ends at round(n rate / 100). The greatest readings are those of windows that were filled;
/// live readings take silence for what came before the start. An unfinished hop at the end is not read
/// (BS.1770 drops unfinished blocks).
class LoudnessMeter {
 public:
  /// `weights` has one entry a channel; none: all 1. [main]
  void prepare(Format format, std::span<const double> weights = {},
               double history_seconds = default_history_seconds);
  void process(AudioView<const float> block) noexcept;  // [rt], within the prepared history
  void reset() noexcept;                                // [rt]

  Lufs momentary() const noexcept { return to_lufs(momentary_energy_); }
  Lufs short_term() const noexcept { return to_lufs(short_term_energy_); }
  Lufs momentary_max() const noexcept { return to_lufs(momentary_energy_max_); }
  Lufs short_term_max() const noexcept { return to_lufs(short_term_energy_max_); }

  /// Channel-weighted, K-weighted mean square of each 100 ms.
  std::span<const double> hop_energies() const noexcept { return energies_; }
  Lufs integrated() const { return integrated_loudness(energies_); }  // [main]
  /// Of what was heard so far (Tech 3342), without silence after the end. [main]
  Db loudness_range() const;

 private:
  static constexpr std::size_t hops_per_tenth = 10;  ///< 10 ms hops in 100 ms.
  static constexpr std::size_t ring_hops = 300;      ///< 3 s.

  struct Sum {
    double energy = 0.0;
    double frames = 0.0;
  };

  void end_hop() noexcept;
  Sum tenths_ending_now(std::size_t count) const noexcept;

  KWeightingCoefficients filter_;
  HopClock hops_;
  std::vector<double> weights_;
  std::vector<KWeightingState> states_;
  std::vector<double> sums_;             ///< Squares of each channel in the present hop.
  std::vector<KWeightingLane> lanes_;    ///< Scratch: the channels that sound.
  std::array<Sum, ring_hops> ring_{};    ///< The 10 ms hops of the last 3 s.
  std::array<Sum, ring_hops> tenths_{};  ///< At each: the sum of the ten hops that end with it.
  std::size_t next_ = 0;                 ///< Place of the present hop in the rings.
  std::int64_t hops_done_ = 0;
  std::vector<double> energies_;
  double momentary_energy_ = 0.0;
  double short_term_energy_ = 0.0;
  double momentary_energy_max_ = 0.0;
  double short_term_energy_max_ = 0.0;
};

static_assert(Meter<LoudnessMeter>);

}  // namespace gainstage
