// SPDX-License-Identifier: MIT
#include "meters/rms.h"

#include <algorithm>
#include <cassert>

namespace gainstage {

void RmsMeter::prepare(Format format) {
  sums_.assign(format.channels, {});
  frames_ = 0;
}

void RmsMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == sums_.size());
  for (std::size_t c = 0; c < sums_.size(); ++c) add_squares(sums_[c], block.channel(c));
  frames_ += static_cast<Frames>(block.frames);
}

void RmsMeter::reset() noexcept {
  std::fill(sums_.begin(), sums_.end(), LaneSum{});
  frames_ = 0;
}

double RmsMeter::mean_square(std::size_t channel) const noexcept {
  return frames_ == 0 ? 0.0 : sums_[channel].total() / static_cast<double>(frames_);
}

double RmsMeter::mean_square() const noexcept {
  if (sums_.empty()) return 0.0;
  double sum = 0.0;
  for (std::size_t c = 0; c < sums_.size(); ++c) sum += mean_square(c);
  return sum / static_cast<double>(sums_.size());
}

}  // namespace gainstage
