// SPDX-License-Identifier: MIT
#include "meters/rms.h"

#include <algorithm>
#include <cassert>

namespace gainstage {

void RmsMeter::prepare(Format format) {
  sums_.assign(format.channels, 0.0);
  frames_ = 0;
}

void RmsMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == sums_.size());
  for (std::size_t c = 0; c < sums_.size(); ++c) {
    double sum = sums_[c];
    for (const LevelTick& tick : ticks.channel(c)) sum += tick.squares;
    sums_[c] = sum;
  }
  frames_ += static_cast<Frames>(ticks.samples.frames);
}

void RmsMeter::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == sums_.size());
  for (std::size_t c = 0; c < sums_.size(); ++c) {
    double sum = sums_[c];
    for (std::size_t n = 0; n < hops.count(); ++n) sum += static_cast<double>(hops.hop(n)[c].squares);
    sums_[c] = sum;
  }
  frames_ += static_cast<Frames>(hops.samples.frames);
}

void RmsMeter::reset() noexcept {
  std::fill(sums_.begin(), sums_.end(), 0.0);
  frames_ = 0;
}

double RmsMeter::mean_square(std::size_t channel) const noexcept {
  return frames_ == 0 ? 0.0 : sums_[channel] / static_cast<double>(frames_);
}

double RmsMeter::mean_square() const noexcept {
  if (sums_.empty()) return 0.0;
  double sum = 0.0;
  for (std::size_t c = 0; c < sums_.size(); ++c) sum += mean_square(c);
  return sum / static_cast<double>(sums_.size());
}

}  // namespace gainstage
