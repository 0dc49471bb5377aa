// SPDX-License-Identifier: MIT
#include "meters/vu.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

namespace gainstage {
namespace {

// Second-order system with an overshoot of 1.25 %: zeta = -ln 0.0125 / sqrt(pi^2 + ln^2 0.0125). Its step
// response first passes 99 % at omega t = 4.053574; that is at 300 ms.
constexpr double damping = 0.8127169864286775;
constexpr double natural_rad_per_s = 4.053573768759813 / 0.3;

/// A sine's RMS over its rectified mean: pi / (2 sqrt 2).
constexpr double form_factor = std::numbers::pi / (2.0 * std::numbers::sqrt2);

/// Of a sine, 10 log10 2.
constexpr Db peak_over_rms{3.010299956639812};

/// A needle under -600 dBFS stands still at the end of a hop, so that it never becomes denormal in silence.
constexpr double at_rest = 1e-30;

}  // namespace

void VuMeter::prepare(Format format, double history_seconds) {
  ticks_in_hop_ = 0;
  needles_.assign(format.channels, {});
  hop_needles_ = {};
  keeps_history_ = history_seconds > 0.0;
  if (keeps_history_) hop_needles_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);

  // Solution of y'' = -omega^2 y - 2 zeta omega y' after one tick.
  const double t = 1.0 / ticks_per_second;
  const double decay = damping * natural_rad_per_s;
  const double swing = natural_rad_per_s * std::sqrt(1.0 - damping * damping);
  const double envelope = std::exp(-decay * t);
  const double sine = std::sin(swing * t) / swing;
  const double cosine = std::cos(swing * t);
  deviation_from_deviation_ = envelope * (cosine + decay * sine);
  deviation_from_velocity_ = envelope * sine;
  velocity_from_deviation_ = -envelope * natural_rad_per_s * natural_rad_per_s * sine;
  velocity_from_velocity_ = envelope * (cosine - decay * sine);

  deviation_over_hop_ = {1.0, 0.0};
  velocity_over_hop_ = {0.0, 1.0};
  double greatest_share = 0.0;
  for (std::size_t tick = 0; tick < ticks_per_hop; ++tick) {
    deviation_over_hop_ = moved_freely(deviation_over_hop_);
    velocity_over_hop_ = moved_freely(velocity_over_hop_);
    greatest_share = std::max(greatest_share, tick_share(format.sample_rate_hz, tick));
  }
  greatest_push_ = (1.0 - deviation_over_hop_.value) * form_factor * greatest_share;
}

void VuMeter::weigh_ticks(double sample_rate_hz, TickWeights& weights) {
  VuMeter meter;
  meter.prepare({sample_rate_hz, 0, 1}, 0.0);
  Needle pushed{1.0 - meter.deviation_from_deviation_, -meter.velocity_from_deviation_};
  for (std::size_t tick = ticks_per_hop; tick-- > 0; pushed = meter.moved_freely(pushed)) {
    const double scale = form_factor * tick_share(sample_rate_hz, tick);
    weights.magnitudes[0][tick] = static_cast<float>(scale * pushed.value);
    weights.magnitudes[1][tick] = static_cast<float>(scale * pushed.velocity);
  }
}

VuMeter::Needle VuMeter::moved_freely(const Needle& n) const noexcept {
  return {deviation_from_deviation_ * n.value + deviation_from_velocity_ * n.velocity,
          velocity_from_deviation_ * n.value + velocity_from_velocity_ * n.velocity};
}

void VuMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == needles_.size());
  for (std::size_t first = 0; first < ticks.count();) {
    const std::size_t count = std::min(ticks.count() - first, ticks_per_tenth - ticks_in_hop_);
    move_all(ticks.shares.subspan(first, count),
             [&](std::size_t c, std::size_t t) { return ticks.channel(c)[first + t].magnitudes; });
    first += count;
    ticks_in_hop_ += count;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

void VuMeter::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == needles_.size());
  for (std::size_t n = 0; n < hops.count(); ++n) {
    const std::span<const HopLevels> hop = hops.hop(n);
    if (!leap(hop)) {
      move_all(hops.shares,
               [&](std::size_t c, std::size_t t) { return static_cast<double>(hop[c].ticks[t].magnitudes); });
    }
    ticks_in_hop_ += ticks_per_hop;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

template <typename Magnitudes>
void VuMeter::move_all(std::span<const double> shares, Magnitudes magnitudes) noexcept {
  // Two needles side by side: each waits for itself from tick to tick.
  std::size_t c = 0;
  for (; c + 2 <= needles_.size(); c += 2) move<2>(c, shares, magnitudes);
  if (c < needles_.size()) move<1>(c, shares, magnitudes);
}

template <std::size_t needles, typename Magnitudes>
void VuMeter::move(std::size_t channel, std::span<const double> shares, Magnitudes magnitudes) noexcept {
  std::array<Needle, needles> moving;
  for (std::size_t i = 0; i < needles; ++i) moving[i] = needles_[channel + i];
  for (std::size_t t = 0; t < shares.size(); ++t) {
    const double scale = form_factor * shares[t];
    for (std::size_t i = 0; i < needles; ++i) {
      // The deviation from the level moves freely; written so that no state waits for the level.
      Needle& n = moving[i];
      const double level = scale * magnitudes(channel + i, t);
      const Needle free = moved_freely(n);
      n.value = free.value + (1.0 - deviation_from_deviation_) * level;
      n.velocity = free.velocity - velocity_from_deviation_ * level;
      n.greatest = std::max(n.greatest, n.value);
    }
  }
  for (std::size_t i = 0; i < needles; ++i) needles_[channel + i] = moving[i];
}

bool VuMeter::leap(std::span<const HopLevels> channels) noexcept {
  constexpr double hop_s = static_cast<double>(ticks_per_hop) / ticks_per_second;
  for (std::size_t c = 0; c < needles_.size(); ++c) {
    // No needle gets further than at its present speed and by what all levels together push it.
    const Needle& n = needles_[c];
    const double pushed = greatest_push_ * static_cast<double>(channels[c].magnitudes);
    if (std::abs(n.value) + hop_s * std::abs(n.velocity) + pushed >= n.greatest) return false;
  }
  for (std::size_t c = 0; c < needles_.size(); ++c) {
    Needle& n = needles_[c];
    const auto [value, velocity] = channels[c].weighed_magnitudes;
    const Needle before = n;
    n.value = deviation_over_hop_.value * before.value + velocity_over_hop_.value * before.velocity +
              static_cast<double>(value);
    n.velocity = deviation_over_hop_.velocity * before.value + velocity_over_hop_.velocity * before.velocity +
                 static_cast<double>(velocity);
  }
  return true;
}

void VuMeter::end_hop() noexcept {
  for (Needle& n : needles_) {
    if (std::abs(n.value) < at_rest && std::abs(n.velocity) < at_rest) n.value = n.velocity = 0.0;
  }
  if (keeps_history_) hop_needles_.push_back(static_cast<float>(needle()));
  ticks_in_hop_ = 0;
}

void VuMeter::reset() noexcept {
  ticks_in_hop_ = 0;
  std::fill(needles_.begin(), needles_.end(), Needle{});
  hop_needles_.clear();
}

double VuMeter::needle() const noexcept {
  double greatest = 0.0;
  for (const Needle& n : needles_) greatest = std::max(greatest, n.value);
  return greatest;
}

double VuMeter::greatest_needle() const noexcept {
  double greatest = 0.0;
  for (const Needle& n : needles_) greatest = std::max(greatest, n.greatest);
  return greatest;
}

Db VuMeter::vu(double needle, Db reference) noexcept { return to_db(needle) + peak_over_rms - reference; }

Db VuMeter::needle_level(Db vu, Db reference) noexcept { return vu + reference - peak_over_rms; }

}  // namespace gainstage
