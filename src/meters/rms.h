// SPDX-License-Identifier: MIT
// Root mean square of the whole signal.
#pragma once

#include <cstddef>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"

namespace gainstage {

/// AES-17 defines 0 dBFS RMS as that of a full-scale sine: its figure is this one plus aes17_offset.
inline constexpr Db aes17_offset{3.010299956639812};  // 10 log10 2

/// RMS since the last reset. Minus infinity of silence and of nothing.
class RmsMeter {
 public:
  void prepare(Format format);                     // [main]
  void process(const LevelTicks& ticks) noexcept;  // [rt]
  void process(const LevelHops& hops) noexcept;    // [rt]
  void reset() noexcept;                           // [rt]

  Db rms(std::size_t channel) const noexcept { return power_to_db(mean_square(channel)); }
  Db rms() const noexcept { return power_to_db(mean_square()); }  ///< All channels together.
  double mean_square(std::size_t channel) const noexcept;
  double mean_square() const noexcept;

 private:
  std::vector<double> sums_;
  Frames frames_ = 0;
};

static_assert(TickMeter<RmsMeter>);

}  // namespace gainstage
