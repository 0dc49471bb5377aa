// SPDX-License-Identifier: MIT
// Katz' K-System meter: RMS with 600 ms, and a peak beside it.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"

namespace gainstage {

/// RMS that reaches 99 % of a steady level in 600 ms, calibrated so that a sine's RMS reads its peak (+3.01
/// dB); and a peak that rises at once and falls 26 dB in 3 s. Levels are dBFS: K-20 shows them 20 dB higher.
class KSystemMeter {
 public:
  void prepare(Format format);                     // [main]
  void process(const LevelTicks& ticks) noexcept;  // [rt]
  void process(const LevelHops& hops) noexcept;    // [rt]
  void reset() noexcept;                           // [rt]

  /// Writes what of each tick's squares is left in the first one-pole and in the second at the end of a hop
  /// of ten, and what of its peak. [main]
  static void weigh_ticks(double sample_rate_hz, TickWeights& weights);

  Db level(std::size_t channel) const noexcept { return power_to_db(2.0 * channels_[channel].power); }
  Db level_max(std::size_t channel) const noexcept { return power_to_db(2.0 * channels_[channel].power_max); }
  Db level_max() const noexcept;  ///< Greatest channel.
  Db peak(std::size_t channel) const noexcept { return to_db(channels_[channel].peak); }

 private:
  struct Channel {
    double smoothed = 0.0;  ///< First of two one-poles.
    double power = 0.0;     ///< Second: mean square.
    double power_max = 0.0;
    double peak = 0.0;
  };

  /// All channels over as many ticks as there are shares: tick(c, t) is tick t of channel c.
  template <typename TickOf>
  void follow_all(std::span<const double> shares, TickOf tick) noexcept;
  /// `count` channels from `channel` on.
  template <std::size_t count, typename TickOf>
  void follow(std::size_t channel, std::span<const double> shares, TickOf tick) noexcept;

  /// All channels over ten ticks at once, if none can get beyond its greatest level on the way.
  bool leap(std::span<const HopLevels> channels) noexcept;

  std::vector<Channel> channels_;
  double greatest_share_ = 0.0;  ///< What the squares of all can add to the first one-pole at most.
  double keep_over_hop_ = 0.0, pass_over_hop_ = 0.0, fall_over_hop_ = 0.0;
  double keep_ = 0.0;  ///< What one millisecond leaves of a one-pole's deviation.
  double fall_ = 0.0;  ///< What one millisecond leaves of the peak.
};

static_assert(TickMeter<KSystemMeter>);

}  // namespace gainstage
