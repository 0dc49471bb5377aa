// SPDX-License-Identifier: MIT
#include "meters/k_system.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {
namespace {

constexpr double ticks_per_second = 1000.0;
/// Two equal one-poles answer a step with 1 - (1 + x) exp(-x); the root of that is 0.99 at x = 5.839793, at
/// 600 ms.
constexpr double rate_per_s = 5.839793017885183 / 0.6;
constexpr double fall_db_per_s = 26.0 / 3.0;
constexpr double at_rest_power = 1e-60;

}  // namespace

void KSystemMeter::prepare(Format format) {
  ticks_ = HopClock(format.sample_rate_hz, ticks_per_second);
  channels_.assign(format.channels, {});
  keep_ = std::exp(-rate_per_s / ticks_per_second);
  fall_ = to_ratio({-fall_db_per_s / ticks_per_second});
}

void KSystemMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == channels_.size());
  const bool rests = std::all_of(channels_.begin(), channels_.end(), [](const Channel& c) {
    return c.smoothed == 0.0 && c.power == 0.0 && c.peak == 0.0 && c.tick_peak == 0.0;
  });
  bool is_silent = rests;
  for (std::size_t c = 0; is_silent && c < channels_.size(); ++c)
    is_silent = is_digital_silence(block.channel(c));
  if (is_silent) {
    ticks_.skip(block.frames);
    for (Channel& channel : channels_) channel.squares.skip(block.frames);
    return;
  }
  ticks_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        for (std::size_t c = 0; c < channels_.size(); ++c) {
          const std::span<const float> part = block.channel(c).subspan(first, count);
          add_squares(channels_[c].squares, part);
          channels_[c].tick_peak =
              std::max(channels_[c].tick_peak, static_cast<double>(gainstage::peak(part)));
        }
      },
      [&] { end_tick(); });
}

void KSystemMeter::end_tick() noexcept {
  const double frames = static_cast<double>(ticks_.frames_in_hop());
  for (Channel& c : channels_) {
    const double mean_square = c.squares.take() / frames;
    c.smoothed = mean_square + keep_ * (c.smoothed - mean_square);
    c.power = c.smoothed + keep_ * (c.power - c.smoothed);
    if (c.smoothed < at_rest_power && c.power < at_rest_power) c.smoothed = c.power = 0.0;
    c.power_max = std::max(c.power_max, c.power);
    c.peak = std::max(c.tick_peak, c.peak * fall_);
    if (c.peak < 1e-30) c.peak = 0.0;
    c.tick_peak = 0.0;
  }
}

void KSystemMeter::reset() noexcept {
  ticks_.reset();
  std::fill(channels_.begin(), channels_.end(), Channel{});
}

Db KSystemMeter::level_max() const noexcept {
  double greatest = 0.0;
  for (const Channel& c : channels_) greatest = std::max(greatest, c.power_max);
  return power_to_db(2.0 * greatest);
}

}  // namespace gainstage
