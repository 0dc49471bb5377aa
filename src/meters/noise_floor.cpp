// SPDX-License-Identifier: MIT
#include "meters/noise_floor.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace gainstage {

void NoiseFloorMeter::prepare(Format format) {
  squares_.assign(format.channels, 0.0);
  reset();
}

void NoiseFloorMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == squares_.size());
  for (std::size_t first = 0; first < ticks.count();) {
    const std::size_t count = std::min(ticks.count() - first, ticks_per_tenth - ticks_in_hop_);
    for (std::size_t c = 0; c < squares_.size(); ++c) {
      double sum = squares_[c];
      for (const LevelTick& tick : ticks.channel(c).subspan(first, count)) sum += tick.squares;
      squares_[c] = sum;
    }
    for (const std::uint32_t frames : ticks.frames.subspan(first, count)) frames_in_hop_ += frames;
    first += count;
    ticks_in_hop_ += count;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

void NoiseFloorMeter::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == squares_.size());
  const auto frames = static_cast<Frames>(hops.samples.frames / hops.count());
  for (std::size_t n = 0; n < hops.count(); ++n) {
    const std::span<const HopLevels> hop = hops.hop(n);
    for (std::size_t c = 0; c < squares_.size(); ++c) squares_[c] += static_cast<double>(hop[c].squares);
    frames_in_hop_ += frames;
    ticks_in_hop_ += ticks_per_hop;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

void NoiseFloorMeter::end_hop() noexcept {
  Hop hop{0.0, static_cast<double>(frames_in_hop_)};
  for (double& sum : squares_) hop.energy += std::exchange(sum, 0.0);
  frames_in_hop_ = 0;
  ticks_in_hop_ = 0;
  window_[next_] = hop;
  next_ = (next_ + 1) % window_hops;

  Hop window;
  for (std::size_t i = 0; i < window_hops; ++i) {
    const Hop& one = window_[(next_ + i) % window_hops];
    if (one.energy == 0.0) return;  // Digital silence, or before the start.
    window.energy += one.energy;
    window.frames += one.frames;
  }
  const double mean_square = window.energy / (window.frames * static_cast<double>(squares_.size()));
  least_mean_square_ = std::min(mean_square, least_mean_square_.value_or(mean_square));
}

void NoiseFloorMeter::reset() noexcept {
  std::fill(squares_.begin(), squares_.end(), 0.0);
  frames_in_hop_ = 0;
  ticks_in_hop_ = 0;
  window_.fill({});
  next_ = 0;
  least_mean_square_.reset();
}

std::optional<Db> NoiseFloorMeter::level() const noexcept {
  if (!least_mean_square_) return std::nullopt;
  return power_to_db(*least_mean_square_);
}

}  // namespace gainstage
