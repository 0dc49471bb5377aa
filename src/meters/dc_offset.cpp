// SPDX-License-Identifier: MIT
#include "meters/dc_offset.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {

void DcOffsetMeter::prepare(Format format) {
  sums_.assign(format.channels, 0.0);
  frames_ = 0;
}

void DcOffsetMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == sums_.size());
  for (std::size_t c = 0; c < sums_.size(); ++c) {
    double sum = sums_[c];
    for (const LevelTick& tick : ticks.channel(c)) sum += tick.sum;
    sums_[c] = sum;
  }
  frames_ += static_cast<Frames>(ticks.samples.frames);
}

void DcOffsetMeter::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == sums_.size());
  for (std::size_t c = 0; c < sums_.size(); ++c) {
    double sum = sums_[c];
    for (std::size_t n = 0; n < hops.count(); ++n) sum += static_cast<double>(hops.hop(n)[c].sum);
    sums_[c] = sum;
  }
  frames_ += static_cast<Frames>(hops.samples.frames);
}

void DcOffsetMeter::reset() noexcept {
  std::fill(sums_.begin(), sums_.end(), 0.0);
  frames_ = 0;
}

double DcOffsetMeter::mean(std::size_t channel) const noexcept {
  return frames_ == 0 ? 0.0 : sums_[channel] / static_cast<double>(frames_);
}

Db DcOffsetMeter::offset() const noexcept {
  double greatest = 0.0;
  for (std::size_t c = 0; c < sums_.size(); ++c) greatest = std::max(greatest, std::abs(mean(c)));
  return to_db(greatest);
}

}  // namespace gainstage
