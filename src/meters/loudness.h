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
#include "meters/k_weighting_filter.h"
#include "meters/meter.h"
#include "meters/sliding_sum.h"

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
  /// `weights` has one entry a channel; none: all 1. `detail`: of the levels that it tells. [main]
  void prepare(Format format, std::span<const double> weights = {},
               double history_seconds = default_history_seconds, HopDetail detail = HopDetail::all);
  void process(AudioView<const float> block) noexcept;  // [rt], within the prepared history
  void reset() noexcept;                                // [rt]

  /// Whether it can tell the levels of hops: every channel counts, and hops are all as long.
  bool has_levels() const noexcept { return heard_.size() == weights_.size() && filter_.has_levels(); }
  std::size_t frames_in_hop() const noexcept { return filter_.frames_in_hop(); }
  /// As process(block), for a block of whole hops after any number of them; tells the levels of hop n,
  /// channel c, in levels[n * channels + c], and asks the processor for the bytes `ahead`. [rt]
  void process(AudioView<const float> block, std::span<HopLevels> levels,
               std::span<const std::byte> ahead = {}) noexcept;

  /// As that for two channels whose 24-bit samples lie interleaved in `bytes`. [rt]
  void process_packed(std::span<const std::byte> bytes, std::span<HopLevels> levels,
                      std::span<const std::byte> ahead = {}) noexcept;

  /// Takes a hop whose samples were K-weighted elsewhere, in the place of process(): what KWeightingFilter
  /// tells of it, for every channel. [rt]
  void add_hop(std::span<const double> sums, Frames frames) noexcept;

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
  static constexpr std::size_t tenth = 10;  ///< 10 ms hops in 100 ms.
  static constexpr std::size_t momentary_window = momentary_hops * tenth;
  static constexpr std::size_t short_term_window = short_term_hops * tenth;

  void end_hop(double energy, Frames frames) noexcept;

  KWeightingFilter filter_;  ///< Of the channels that count.
  std::vector<double> weights_;
  std::vector<std::size_t> heard_;  ///< The channels that count.
  std::vector<const float*> heard_samples_;
  Frames usual_hop_ = 0;
  SlidingSum<tenth> tenth_;
  SlidingSum<momentary_window> momentary_;
  SlidingSum<short_term_window> short_term_;
  std::array<Frames, short_term_window + 1> ends_{};  ///< Of the last hops; hop n at n mod their number.
  std::size_t hops_done_ = 0;
  std::vector<double> energies_;
  double momentary_energy_ = 0.0;
  double short_term_energy_ = 0.0;
  double momentary_energy_max_ = 0.0;
  double short_term_energy_max_ = 0.0;
};

static_assert(Meter<LoudnessMeter>);

}  // namespace gainstage
