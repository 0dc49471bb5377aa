// SPDX-License-Identifier: MIT
#include "meters/level_meters.h"

namespace gainstage {

TickWeights level_tick_weights(double sample_rate_hz) {
  TickWeights weights;
  VuMeter::weigh_ticks(sample_rate_hz, weights);
  KSystemMeter::weigh_ticks(sample_rate_hz, weights);
  return weights;
}

void LevelMeters::prepare(Format format, double ceiling, double history_seconds) {
  ticker_.prepare(format);
  sample_peak_.prepare(format, history_seconds);
  rms_.prepare(format);
  vu_.prepare(format, history_seconds);
  k_system_.prepare(format);
  noise_floor_.prepare(format);
  dc_offset_.prepare(format);
  clips_.prepare(format, ceiling);
}

template <typename Levels>
void LevelMeters::take(const Levels& levels) noexcept {
  sample_peak_.process(levels);
  rms_.process(levels);
  vu_.process(levels);
  k_system_.process(levels);
  noise_floor_.process(levels);
  dc_offset_.process(levels);
  clips_.process(levels);
}

void LevelMeters::process(AudioView<const float> block) noexcept {
  ticker_.process(block, [&](const LevelTicks& ticks) { take(ticks); });
}

void LevelMeters::process(AudioView<const float> block, std::span<const HopLevels> levels) noexcept {
  ticker_.process(
      block, levels, [&](const LevelHops& hops) { take(hops); },
      [&](const LevelTicks& ticks) { take(ticks); });
}

void LevelMeters::finish() noexcept {
  ticker_.finish([&](const LevelTicks& ticks) {
    sample_peak_.process(ticks);
    rms_.process(ticks);
    dc_offset_.process(ticks);
    clips_.process(ticks);
  });
}

void LevelMeters::reset() noexcept {
  ticker_.reset();
  sample_peak_.reset();
  rms_.reset();
  vu_.reset();
  k_system_.reset();
  noise_floor_.reset();
  dc_offset_.reset();
  clips_.reset();
}

}  // namespace gainstage
