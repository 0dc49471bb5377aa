// SPDX-License-Identifier: MIT
// The standard volume indicator of IEC 60268-17.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"
#include "meters/meter.h"

namespace gainstage {

/// A needle that follows the rectified signal: 99 % of a steady level after 300 ms, overshoot 1.25 % (the
/// standard allows 1 to 1.5 %), the same at every rate.
///
/// Needle values are amplitude ratios, scaled so that a sine reads its RMS. The mechanics move once a
/// millisecond by the mean of the rectified samples in it.
class VuMeter {
 public:
  /// 0 seconds: no history is kept, and a signal may last for ever. [main]
  void prepare(Format format, double history_seconds = default_history_seconds);
  void process(const LevelTicks& ticks) noexcept;  // [rt], within the history
  void process(const LevelHops& hops) noexcept;    // [rt], within the history
  void reset() noexcept;                           // [rt]

  /// Writes what the magnitudes of each tick add to a needle's value, and to its velocity, at the end of a
  /// hop of ten. [main]
  static void weigh_ticks(double sample_rate_hz, TickWeights& weights);

  double needle(std::size_t channel) const noexcept { return std::max(0.0, needles_[channel].value); }
  double needle() const noexcept;  ///< Greatest channel.
  double greatest_needle(std::size_t channel) const noexcept { return needles_[channel].greatest; }
  double greatest_needle() const noexcept;
  /// Greatest channel's needle at the end of each full 100 ms.
  std::span<const float> hop_needles() const noexcept { return hop_needles_; }

  /// A needle value in VU: a sine whose peak is at `reference` dBFS reads 0.
  static Db vu(double needle, Db reference) noexcept;
  /// The needle value, in dBFS, that reads `vu`: the inverse of vu().
  static Db needle_level(Db vu, Db reference) noexcept;

 private:
  struct Needle {
    double value = 0.0;
    double velocity = 0.0;
    double greatest = 0.0;
  };

  /// By one tick.
  Needle moved_freely(const Needle& needle) const noexcept;
  /// All needles by as many ticks as there are shares: magnitudes(c, t) is the sum of channel c in tick t.
  template <typename Magnitudes>
  void move_all(std::span<const double> shares, Magnitudes magnitudes) noexcept;
  /// The needles of some channels from `channel` on.
  template <std::size_t needles, typename Magnitudes>
  void move(std::size_t channel, std::span<const double> shares, Magnitudes magnitudes) noexcept;
  /// Moves all needles over ten ticks at once, if none can get beyond its greatest value on the way.
  bool leap(std::span<const HopLevels> channels) noexcept;
  void end_hop() noexcept;

  std::size_t ticks_in_hop_ = 0;
  bool keeps_history_ = true;
  std::vector<Needle> needles_;
  std::vector<float> hop_needles_;
  // One millisecond of free movement: deviation and velocity to themselves and each other.
  double deviation_from_deviation_ = 0.0;
  double deviation_from_velocity_ = 0.0;
  double velocity_from_deviation_ = 0.0;
  double velocity_from_velocity_ = 0.0;
  Needle deviation_over_hop_, velocity_over_hop_;  ///< The same over ten.
  double greatest_push_ = 0.0;                     ///< What the magnitudes of all can add to a value at most.
};

static_assert(TickMeter<VuMeter>);

}  // namespace gainstage
