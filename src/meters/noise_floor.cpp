// SPDX-License-Identifier: MIT
#include "meters/noise_floor.h"

#include <algorithm>
#include <cassert>

namespace gainstage {

void NoiseFloorMeter::prepare(Format format) {
  hops_ = HopClock(format.sample_rate_hz, 10.0);
  squares_.assign(format.channels, {});
  reset();
}

void NoiseFloorMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == squares_.size());
  hops_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        for (std::size_t c = 0; c < squares_.size(); ++c) {
          add_squares(squares_[c], block.channel(c).subspan(first, count));
        }
      },
      [&] { end_hop(); });
}

void NoiseFloorMeter::end_hop() noexcept {
  Hop hop{0.0, static_cast<double>(hops_.frames_in_hop())};
  for (LaneSum& sum : squares_) hop.energy += sum.take();
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
  hops_.reset();
  std::fill(squares_.begin(), squares_.end(), LaneSum{});
  window_.fill({});
  next_ = 0;
  least_mean_square_.reset();
}

std::optional<Db> NoiseFloorMeter::level() const noexcept {
  if (!least_mean_square_) return std::nullopt;
  return power_to_db(*least_mean_square_);
}

}  // namespace gainstage
