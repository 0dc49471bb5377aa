// SPDX-License-Identifier: MIT
#include "meters/sample_peak.h"

#include <algorithm>
#include <cassert>

namespace gainstage {

void SamplePeakMeter::prepare(Format format, double history_seconds) {
  peaks_.assign(format.channels, 0.0f);
  hop_peaks_.clear();
  hop_peaks_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);
  hop_peak_ = 0.0f;
  ticks_in_hop_ = 0;
}

void SamplePeakMeter::process(const LevelTicks& ticks) noexcept {
  assert(ticks.samples.channels.size() == peaks_.size());
  for (std::size_t first = 0; first < ticks.count();) {
    const std::size_t count = std::min(ticks.count() - first, ticks_per_tenth - ticks_in_hop_);
    for (std::size_t c = 0; c < peaks_.size(); ++c) {
      float greatest = 0.0f;
      for (const LevelTick& tick : ticks.channel(c).subspan(first, count)) {
        greatest = std::max(greatest, tick.peak);
      }
      peaks_[c] = std::max(peaks_[c], greatest);
      hop_peak_ = std::max(hop_peak_, greatest);
    }
    first += count;
    ticks_in_hop_ += count;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

void SamplePeakMeter::process(const LevelHops& hops) noexcept {
  assert(hops.channels() == peaks_.size());
  for (std::size_t n = 0; n < hops.count(); ++n) {
    const std::span<const HopLevels> hop = hops.hop(n);
    for (std::size_t c = 0; c < peaks_.size(); ++c) {
      peaks_[c] = std::max(peaks_[c], hop[c].peak);
      hop_peak_ = std::max(hop_peak_, hop[c].peak);
    }
    ticks_in_hop_ += ticks_per_hop;
    if (ticks_in_hop_ == ticks_per_tenth) end_hop();
  }
}

void SamplePeakMeter::end_hop() noexcept {
  hop_peaks_.push_back(hop_peak_);
  hop_peak_ = 0.0f;
  ticks_in_hop_ = 0;
}

void SamplePeakMeter::reset() noexcept {
  std::fill(peaks_.begin(), peaks_.end(), 0.0f);
  hop_peaks_.clear();
  hop_peak_ = 0.0f;
  ticks_in_hop_ = 0;
}

double SamplePeakMeter::peak_ratio() const noexcept {
  return peaks_.empty() ? 0.0 : *std::max_element(peaks_.begin(), peaks_.end());
}

}  // namespace gainstage
