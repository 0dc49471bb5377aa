// SPDX-License-Identifier: MIT
// How quiet it gets without falling silent.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"

namespace gainstage {

/// RMS of the quietest 500 ms, all channels together. Windows start every 100 ms; one that holds 100 ms of
/// digital silence doesn't count.
class NoiseFloorMeter {
 public:
  void prepare(Format format);                     // [main]
  void process(const LevelTicks& ticks) noexcept;  // [rt]
  void process(const LevelHops& hops) noexcept;    // [rt]
  void reset() noexcept;                           // [rt]

  /// Absent when there was no such window.
  std::optional<Db> level() const noexcept;

 private:
  static constexpr std::size_t window_hops = 5;
  struct Hop {
    double energy = 0.0;
    double frames = 0.0;
  };

  void end_hop() noexcept;

  std::vector<double> squares_;  ///< Of each channel in the present hop.
  Frames frames_in_hop_ = 0;
  std::size_t ticks_in_hop_ = 0;
  std::array<Hop, window_hops> window_{};
  std::size_t next_ = 0;
  std::optional<double> least_mean_square_;
};

static_assert(TickMeter<NoiseFloorMeter>);

}  // namespace gainstage
