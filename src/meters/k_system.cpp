// SPDX-License-Identifier: MIT
#include "meters/k_system.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

namespace gainstage {
namespace {

/// Two equal one-poles answer a step with 1 - (1 + x) exp(-x); the root of that is 0.99 at x = 5.839793, at
/// 600 ms.
constexpr double rate_per_s = 5.839793017885183 / 0.6;
constexpr double fall_db_per_s = 26.0 / 3.0;
// A reading under -600 dBFS is none, and never becomes denormal.
constexpr double at_rest_power = 1e-60;
constexpr double at_rest_peak = 1e-30;

}  // namespace

void KSystemMeter::prepare(Format format) {
  channels_.assign(format.channels, {});
  keep_ = std::exp(-rate_per_s / ticks_per_second);
  fall_ = to_ratio({-fall_db_per_s / ticks_per_second});
  // An impulse that n ticks ago came to the first one-pole and was kept: what of it is in each.
  double kept = 1.0 - keep_;
  double fallen = 1.0;
  for (std::size_t tick = ticks_per_hop; tick-- > 0; kept *= keep_, fallen *= fall_) {
    const auto passes = static_cast<double>(ticks_per_hop - tick);
    of_tick_[tick] = {kept, passes * (1.0 - keep_) * kept, fallen};
  }
  fall_over_hop_ = fallen;
  keep_over_hop_ = kept / (1.0 - keep_);
  pass_over_hop_ = static_cast<double>(ticks_per_hop) * kept;
}

void KSystemMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == channels_.size());
  if (ticks.is_hop() && leap(ticks)) return;
  // Two channels side by side: each waits for itself from tick to tick.
  std::size_t c = 0;
  for (; c + 2 <= channels_.size(); c += 2) follow<2>(c, ticks);
  if (c < channels_.size()) follow<1>(c, ticks);
}

bool KSystemMeter::leap(const LevelTicks& ticks) noexcept {
  // Ticks differ by a sample at most, of eight or more.
  const double share = (1.0 - keep_) * 1.25 * ticks.shares[0];
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    // The second one-pole follows the first, which rises no further than by all that comes.
    const Channel& known = channels_[c];
    const double most = std::max(known.power, known.smoothed + share * ticks.totals[c].squares);
    if (most >= known.power_max) return false;
  }
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    Channel& c = channels_[i];
    double power = keep_over_hop_ * c.power + pass_over_hop_ * c.smoothed;
    double smoothed = keep_over_hop_ * c.smoothed;
    double peak = fall_over_hop_ * c.peak;
    const std::span<const LevelTick> levels = ticks.channel(i);
    for (std::size_t t = 0; t < ticks_per_hop; ++t) {
      const double mean_square = ticks.shares[t] * levels[t].squares;
      smoothed += of_tick_[t].smoothed * mean_square;
      power += of_tick_[t].power * mean_square;
      peak = std::max(peak, of_tick_[t].peak * static_cast<double>(levels[t].peak));
    }
    c.smoothed = smoothed;
    c.power = power;
    c.peak = peak < at_rest_peak ? 0.0 : peak;
    if (smoothed < at_rest_power && power < at_rest_power) c.smoothed = c.power = 0.0;
  }
  return true;
}

template <std::size_t count>
void KSystemMeter::follow(std::size_t channel, const LevelTicks& ticks) noexcept {
  std::array<Channel, count> following;
  std::array<std::span<const LevelTick>, count> levels;
  for (std::size_t i = 0; i < count; ++i) {
    following[i] = channels_[channel + i];
    levels[i] = ticks.channel(channel + i);
  }
  for (std::size_t t = 0; t < ticks.count(); ++t) {
    const double share = (1.0 - keep_) * ticks.shares[t];
    for (std::size_t i = 0; i < count; ++i) {
      Channel& c = following[i];
      c.smoothed = keep_ * c.smoothed + share * levels[i][t].squares;
      c.power = keep_ * c.power + (1.0 - keep_) * c.smoothed;
      c.power_max = std::max(c.power_max, c.power);
      c.peak = std::max(static_cast<double>(levels[i][t].peak), c.peak * fall_);
      if (c.smoothed < at_rest_power && c.power < at_rest_power) c.smoothed = c.power = 0.0;
      if (c.peak < at_rest_peak) c.peak = 0.0;
    }
  }
  for (std::size_t i = 0; i < count; ++i) channels_[channel + i] = following[i];
}

void KSystemMeter::reset() noexcept { std::fill(channels_.begin(), channels_.end(), Channel{}); }

Db KSystemMeter::level_max() const noexcept {
  double greatest = 0.0;
  for (const Channel& c : channels_) greatest = std::max(greatest, c.power_max);
  return power_to_db(2.0 * greatest);
}

}  // namespace gainstage
