// SPDX-License-Identifier: MIT
#include "meters/sample_peak.h"

#include <algorithm>
#include <cassert>

#include "dsp/level.h"

namespace gainstage {

void SamplePeakMeter::prepare(Format format, double history_seconds) {
  peaks_.assign(format.channels, 0.0f);
  hops_ = HopClock(format.sample_rate_hz, 10.0);
  hop_peaks_.clear();
  hop_peaks_.reserve(static_cast<std::size_t>(history_seconds * 10.0) + 1);
  hop_peak_ = 0.0f;
}

void SamplePeakMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == peaks_.size());
  hops_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        for (std::size_t c = 0; c < peaks_.size(); ++c) {
          const float part = gainstage::peak(block.channel(c).subspan(first, count));
          peaks_[c] = std::max(peaks_[c], part);
          hop_peak_ = std::max(hop_peak_, part);
        }
      },
      [&] {
        hop_peaks_.push_back(hop_peak_);
        hop_peak_ = 0.0f;
      });
}

void SamplePeakMeter::reset() noexcept {
  std::fill(peaks_.begin(), peaks_.end(), 0.0f);
  hops_.reset();
  hop_peaks_.clear();
  hop_peak_ = 0.0f;
}

double SamplePeakMeter::peak_ratio() const noexcept {
  return peaks_.empty() ? 0.0 : *std::max_element(peaks_.begin(), peaks_.end());
}

}  // namespace gainstage
