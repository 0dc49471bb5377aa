// SPDX-License-Identifier: MIT
// The mean of the samples.
#pragma once

#include <cstddef>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"

namespace gainstage {

/// Mean of each channel since the last reset.
class DcOffsetMeter {
 public:
  void prepare(Format format);                     // [main]
  void process(const LevelTicks& ticks) noexcept;  // [rt]
  void process(const LevelHops& hops) noexcept;    // [rt]
  void reset() noexcept;                           // [rt]

  double mean(std::size_t channel) const noexcept;
  Db offset() const noexcept;  ///< |mean|, greatest channel, dBFS.

 private:
  std::vector<double> sums_;
  Frames frames_ = 0;
};

static_assert(TickMeter<DcOffsetMeter>);

}  // namespace gainstage
