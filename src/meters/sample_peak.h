// SPDX-License-Identifier: MIT
// The largest absolute sample.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"
#include "meters/meter.h"

namespace gainstage {

/// The largest absolute sample of each channel since the last reset, and of all channels in every 100 ms.
class SamplePeakMeter {
 public:
  void prepare(Format format, double history_seconds = default_history_seconds);  // [main]
  void process(const LevelTicks& ticks) noexcept;                                 // [rt]
  void process(const LevelHops& hops) noexcept;                                   // [rt]
  void reset() noexcept;                                                          // [rt]

  Db peak(std::size_t channel) const noexcept { return to_db(peaks_[channel]); }
  Db peak() const noexcept { return to_db(peak_ratio()); }  ///< Greatest channel.
  double peak_ratio() const noexcept;                       ///< Greatest channel, 1 at full scale.
  /// The greatest |sample| of each full 100 ms, and of what has come since.
  std::span<const float> hop_peaks() const noexcept { return hop_peaks_; }
  float unfinished_hop_peak() const noexcept { return hop_peak_; }

 private:
  void end_hop() noexcept;

  std::vector<float> peaks_;
  std::vector<float> hop_peaks_;
  float hop_peak_ = 0.0f;
  std::size_t ticks_in_hop_ = 0;
};

static_assert(TickMeter<SamplePeakMeter>);

}  // namespace gainstage
