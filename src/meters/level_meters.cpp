// SPDX-License-Identifier: MIT
#include "meters/level_meters.h"

namespace gainstage {

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

void LevelMeters::process(AudioView<const float> block) noexcept {
  ticker_.process(block, [&](const LevelTicks& ticks) { take(ticks); });
}

void LevelMeters::process(AudioView<const float> block, std::span<const HopLevels> levels) noexcept {
  if (levels.empty()) return;
  ticker_.process(block, levels, [&](const LevelTicks& ticks) { take(ticks); });
}

void LevelMeters::take(const LevelTicks& ticks) noexcept {
  sample_peak_.process(ticks);
  rms_.process(ticks);
  vu_.process(ticks);
  k_system_.process(ticks);
  noise_floor_.process(ticks);
  dc_offset_.process(ticks);
  clips_.process(ticks);
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
