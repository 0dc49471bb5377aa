// SPDX-License-Identifier: MIT
#include "meters/vu.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace gainstage {
namespace {

constexpr double ticks_per_second = 1000.0;

// Second-order system with an overshoot of 1.25 %: zeta = -ln 0.0125 / sqrt(pi^2 + ln^2 0.0125). Its step
// response first passes 99 % at omega t = 4.053574; that is at 300 ms.
constexpr double damping = 0.8127169864286775;
constexpr double natural_rad_per_s = 4.053573768759813 / 0.3;

/// A sine's RMS over its rectified mean: pi / (2 sqrt 2).
constexpr double form_factor = std::numbers::pi / (2.0 * std::numbers::sqrt2);

/// A needle under -600 dBFS stands still: silence then costs nothing and never becomes denormal.
constexpr double at_rest = 1e-30;

}  // namespace

void VuMeter::prepare(Format format, double history_seconds) {
  hops_ = HopClock(format.sample_rate_hz, 10.0);
  ticks_ = HopClock(format.sample_rate_hz, ticks_per_second);
  needles_.assign(format.channels, {});
  hop_needles_ = {};
  hop_needles_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);

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
}

void VuMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == needles_.size());
  const auto rests = [](const Needle& n) {
    return n.value == 0.0 && n.velocity == 0.0 && n.magnitudes.total() == 0.0;
  };
  const auto is_silent = [&](std::size_t first, std::size_t count) {
    for (std::size_t c = 0; c < needles_.size(); ++c) {
      if (!rests(needles_[c]) || !is_digital_silence(block.channel(c).subspan(first, count))) return false;
    }
    return true;
  };
  const auto move = [&](std::size_t hop_first, std::size_t hop_count) {
    if (is_silent(hop_first, hop_count)) {
      ticks_.skip(hop_count);
      for (Needle& needle : needles_) needle.magnitudes.skip(hop_count);
      return;
    }
    ticks_.advance(
        hop_count,
        [&](std::size_t first, std::size_t count) {
          for (std::size_t c = 0; c < needles_.size(); ++c) {
            add_magnitudes(needles_[c].magnitudes, block.channel(c).subspan(hop_first + first, count));
          }
        },
        [&] { end_tick(); });
  };
  hops_.advance(block.frames, move, [&] { hop_needles_.push_back(static_cast<float>(needle())); });
}

void VuMeter::end_tick() noexcept {
  const double frames = static_cast<double>(ticks_.frames_in_hop());
  for (Needle& n : needles_) {
    const double level = form_factor * n.magnitudes.take() / frames;
    const double deviation = n.value - level;
    n.value = level + deviation_from_deviation_ * deviation + deviation_from_velocity_ * n.velocity;
    n.velocity = velocity_from_deviation_ * deviation + velocity_from_velocity_ * n.velocity;
    if (std::abs(n.value) < at_rest && std::abs(n.velocity) < at_rest) n.value = n.velocity = 0.0;
    n.greatest = std::max(n.greatest, n.value);
  }
}

void VuMeter::reset() noexcept {
  hops_.reset();
  ticks_.reset();
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

Db VuMeter::vu(double needle, Db reference) noexcept {
  constexpr Db peak_over_rms{3.010299956639812};  // of a sine, 10 log10 2
  return to_db(needle) + peak_over_rms - reference;
}

}  // namespace gainstage
