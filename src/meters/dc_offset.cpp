// SPDX-License-Identifier: MIT
#include "meters/dc_offset.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {

void DcOffsetMeter::prepare(Format format) {
  sums_.assign(format.channels, {});
  frames_ = 0;
}

void DcOffsetMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == sums_.size());
  for (std::size_t c = 0; c < sums_.size(); ++c) add_samples(sums_[c], block.channel(c));
  frames_ += static_cast<Frames>(block.frames);
}

void DcOffsetMeter::reset() noexcept {
  std::fill(sums_.begin(), sums_.end(), LaneSum{});
  frames_ = 0;
}

double DcOffsetMeter::mean(std::size_t channel) const noexcept {
  return frames_ == 0 ? 0.0 : sums_[channel].total() / static_cast<double>(frames_);
}

Db DcOffsetMeter::offset() const noexcept {
  double greatest = 0.0;
  for (std::size_t c = 0; c < sums_.size(); ++c) greatest = std::max(greatest, std::abs(mean(c)));
  return to_db(greatest);
}

}  // namespace gainstage
