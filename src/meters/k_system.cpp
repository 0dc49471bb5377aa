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
  keep_over_hop_ = fall_over_hop_ = 1.0;
  greatest_share_ = 0.0;
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    keep_over_hop_ *= keep_;
    fall_over_hop_ *= fall_;
    greatest_share_ = std::max(greatest_share_, (1.0 - keep_) * tick_share(format.sample_rate_hz, tick));
  }
  pass_over_hop_ = static_cast<double>(ticks_per_hop) * (1.0 - keep_) * keep_over_hop_;
}

void KSystemMeter::weigh_ticks(double sample_rate_hz, TickWeights& weights) {
  KSystemMeter meter;
  meter.prepare({sample_rate_hz, 0, 1});
  // An impulse that n ticks ago came to the first one-pole and was kept: what of it is in each.
  double kept = 1.0 - meter.keep_;
  double fallen = 1.0;
  for (std::size_t tick = ticks_per_hop; tick-- > 0; kept *= meter.keep_, fallen *= meter.fall_) {
    const auto passes = static_cast<double>(ticks_per_hop - tick);
    const double share = tick_share(sample_rate_hz, tick);
    weights.squares[0][tick] = static_cast<float>(share * kept);
    weights.squares[1][tick] = static_cast<float>(share * passes * (1.0 - meter.keep_) * kept);
    weights.peaks[tick] = static_cast<float>(fallen);
  }
}

void KSystemMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == channels_.size());
  follow_all(ticks.shares,
             [&](std::size_t c, std::size_t t) -> const LevelTick& { return ticks.channel(c)[t]; });
}

void KSystemMeter::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == channels_.size());
  for (std::size_t n = 0; n < hops.count(); ++n) {
    const std::span<const HopLevels> hop = hops.hop(n);
    if (leap(hop)) continue;
    follow_all(hops.shares,
               [&](std::size_t c, std::size_t t) -> const HopLevels::Tick& { return hop[c].ticks[t]; });
  }
}

bool KSystemMeter::leap(std::span<const HopLevels> channels) noexcept {
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    // The second one-pole follows the first, which rises no further than by all that comes.
    const Channel& known = channels_[c];
    const double rise = greatest_share_ * static_cast<double>(channels[c].squares);
    if (std::max(known.power, known.smoothed + rise) >= known.power_max) return false;
  }
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    Channel& c = channels_[i];
    const auto [smoothed, power] = channels[i].weighed_squares;
    c.power = keep_over_hop_ * c.power + pass_over_hop_ * c.smoothed + static_cast<double>(power);
    c.smoothed = keep_over_hop_ * c.smoothed + static_cast<double>(smoothed);
    c.peak = std::max(fall_over_hop_ * c.peak, static_cast<double>(channels[i].weighed_peak));
    if (c.peak < at_rest_peak) c.peak = 0.0;
    if (c.smoothed < at_rest_power && c.power < at_rest_power) c.smoothed = c.power = 0.0;
  }
  return true;
}

template <typename TickOf>
void KSystemMeter::follow_all(std::span<const double> shares, TickOf tick) noexcept {
  // Two channels side by side: each waits for itself from tick to tick.
  std::size_t c = 0;
  for (; c + 2 <= channels_.size(); c += 2) follow<2>(c, shares, tick);
  if (c < channels_.size()) follow<1>(c, shares, tick);
}

template <std::size_t count, typename TickOf>
void KSystemMeter::follow(std::size_t channel, std::span<const double> shares, TickOf tick) noexcept {
  std::array<Channel, count> following;
  for (std::size_t i = 0; i < count; ++i) following[i] = channels_[channel + i];
  for (std::size_t t = 0; t < shares.size(); ++t) {
    const double share = (1.0 - keep_) * shares[t];
    for (std::size_t i = 0; i < count; ++i) {
      Channel& c = following[i];
      const auto& level = tick(channel + i, t);
      c.smoothed = keep_ * c.smoothed + share * static_cast<double>(level.squares);
      c.power = keep_ * c.power + (1.0 - keep_) * c.smoothed;
      c.power_max = std::max(c.power_max, c.power);
      c.peak = std::max(static_cast<double>(level.peak), c.peak * fall_);
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
