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

  const auto move_freely = [this](const Needle& n) {
    return Needle{deviation_from_deviation_ * n.value + deviation_from_velocity_ * n.velocity,
                  velocity_from_deviation_ * n.value + velocity_from_velocity_ * n.velocity};
  };
  deviation_over_hop_ = {1.0, 0.0};
  velocity_over_hop_ = {0.0, 1.0};
  Needle pushed{1.0 - deviation_from_deviation_, -velocity_from_deviation_};
  for (std::size_t tick = ticks_per_hop; tick-- > 0; pushed = move_freely(pushed)) {
    of_level_[tick] = pushed;
    deviation_over_hop_ = move_freely(deviation_over_hop_);
    velocity_over_hop_ = move_freely(velocity_over_hop_);
  }
}

void VuMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == needles_.size());
  for (std::size_t first = 0; first < ticks.count();) {
    const std::size_t count = std::min(ticks.count() - first, ticks_per_tenth - ticks_in_hop_);
    if (!ticks.is_hop() || count < ticks_per_hop || !leap(ticks)) {
      // Two needles side by side: each waits for itself from tick to tick.
      std::size_t c = 0;
      for (; c + 2 <= needles_.size(); c += 2) move<2>(c, ticks, first, count);
      if (c < needles_.size()) move<1>(c, ticks, first, count);
    }
    first += count;
    ticks_in_hop_ += count;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

template <std::size_t needles>
void VuMeter::move(std::size_t channel, const LevelTicks& ticks, std::size_t first,
                   std::size_t count) noexcept {
  std::array<Needle, needles> moving;
  std::array<std::span<const LevelTick>, needles> levels;
  for (std::size_t i = 0; i < needles; ++i) {
    moving[i] = needles_[channel + i];
    levels[i] = ticks.channel(channel + i).subspan(first, count);
  }
  for (std::size_t t = 0; t < count; ++t) {
    const double scale = form_factor * ticks.shares[first + t];
    for (std::size_t i = 0; i < needles; ++i) {
      // The deviation from the level moves freely; written so that no state waits for the level.
      Needle& n = moving[i];
      const double level = scale * levels[i][t].magnitudes;
      const double value = deviation_from_deviation_ * n.value + deviation_from_velocity_ * n.velocity;
      const double velocity = velocity_from_deviation_ * n.value + velocity_from_velocity_ * n.velocity;
      n.value = value + (1.0 - deviation_from_deviation_) * level;
      n.velocity = velocity - velocity_from_deviation_ * level;
      n.greatest = std::max(n.greatest, n.value);
    }
  }
  for (std::size_t i = 0; i < needles; ++i) needles_[channel + i] = moving[i];
}

bool VuMeter::leap(const LevelTicks& ticks) noexcept {
  constexpr double hop_s = static_cast<double>(ticks_per_hop) / ticks_per_second;
  // Ticks differ by a sample at most, of eight or more.
  const double scale = form_factor * 1.25 * ticks.shares[0];
  for (std::size_t c = 0; c < needles_.size(); ++c) {
    // No needle gets further than at its present speed and by what all levels together push it.
    const Needle& n = needles_[c];
    const double pushed = (1.0 - deviation_over_hop_.value) * scale * ticks.totals[c].magnitudes;
    if (std::abs(n.value) + hop_s * std::abs(n.velocity) + pushed >= n.greatest) return false;
  }
  for (std::size_t c = 0; c < needles_.size(); ++c) {
    Needle& n = needles_[c];
    double value = deviation_over_hop_.value * n.value + velocity_over_hop_.value * n.velocity;
    double velocity = deviation_over_hop_.velocity * n.value + velocity_over_hop_.velocity * n.velocity;
    const std::span<const LevelTick> levels = ticks.channel(c);
    for (std::size_t t = 0; t < ticks_per_hop; ++t) {
      const double level = form_factor * ticks.shares[t] * levels[t].magnitudes;
      value += of_level_[t].value * level;
      velocity += of_level_[t].velocity * level;
    }
    n.value = value;
    n.velocity = velocity;
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
