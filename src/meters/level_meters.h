// SPDX-License-Identifier: MIT
// Every meter of level over one reading of the samples.
#pragma once

#include <span>

#include "base/audio_view.h"
#include "meters/clip_detector.h"
#include "meters/dc_offset.h"
#include "meters/k_system.h"
#include "meters/level_ticks.h"
#include "meters/meter.h"
#include "meters/noise_floor.h"
#include "meters/rms.h"
#include "meters/sample_peak.h"
#include "meters/vu.h"

namespace gainstage {

/// How LevelMeters weigh the milliseconds of HopLevels.
TickWeights level_tick_weights(double sample_rate_hz);

/// Sample peak, RMS, VU, K-System, noise floor, DC offset and clipped runs, from the same milliseconds.
///
/// Readings lag by less than a millisecond. finish() reads the samples after the last full one for those
/// meters that take any number of them: peak, RMS, DC offset and clipped runs.
class LevelMeters {
 public:
  /// `ceiling`: as ClipDetector has it. [main]
  void prepare(Format format, double ceiling = 1.0, double history_seconds = default_history_seconds);
  void process(AudioView<const float> block) noexcept;  // [rt], within the history
  /// As process(block), for a block of whole hops of 10 ms after any number of them: what LoudnessMeter tells
  /// of the same samples saves looking at them. [rt]
  void process(AudioView<const float> block, std::span<const HopLevels> levels) noexcept;
  void finish() noexcept;  // [rt] after the last block, once
  void reset() noexcept;   // [rt]

  const SamplePeakMeter& sample_peak() const noexcept { return sample_peak_; }
  const RmsMeter& rms() const noexcept { return rms_; }
  const VuMeter& vu() const noexcept { return vu_; }
  const KSystemMeter& k_system() const noexcept { return k_system_; }
  const NoiseFloorMeter& noise_floor() const noexcept { return noise_floor_; }
  const DcOffsetMeter& dc_offset() const noexcept { return dc_offset_; }
  const ClipDetector& clips() const noexcept { return clips_; }

 private:
  /// LevelTicks or LevelHops.
  template <typename Levels>
  void take(const Levels& levels) noexcept;

  LevelTicker ticker_;
  SamplePeakMeter sample_peak_;
  RmsMeter rms_;
  VuMeter vu_;
  KSystemMeter k_system_;
  NoiseFloorMeter noise_floor_;
  DcOffsetMeter dc_offset_;
  ClipDetector clips_;
};

static_assert(Meter<LevelMeters>);

}  // namespace gainstage
