// SPDX-License-Identifier: MIT
#include "meters/k_weighting_filter.h"

#include <algorithm>
#include <cassert>

#include "dsp/level.h"

namespace gainstage {

void KWeightingFilter::prepare(Format format) {
  filter_ = k_weighting(format.sample_rate_hz);
  flushes_ = HopClock(format.sample_rate_hz, 100.0);
  states_.assign(format.channels, {});
}

void KWeightingFilter::reset() noexcept {
  flushes_.reset();
  std::fill(states_.begin(), states_.end(), KWeightingState{});
}

void KWeightingFilter::process(AudioView<const float> in, AudioView<float> out) noexcept {
  assert(in.channels.size() == states_.size() && out.channels.size() == states_.size());
  assert(in.frames == out.frames);
  flushes_.advance(
      in.frames,
      [&](std::size_t first, std::size_t count) {
        for (std::size_t c = 0; c < states_.size(); ++c) {
          const std::span<const float> source = in.channel(c).subspan(first, count);
          const std::span<float> filtered = out.channel(c).subspan(first, count);
          if (states_[c].is_zero() && is_digital_silence(source)) {
            std::fill(filtered.begin(), filtered.end(), 0.0f);
          } else {
            k_weight(filter_, states_[c], source, filtered);
          }
        }
      },
      [&] {
        for (KWeightingState& state : states_) state.flush();
      });
}

}  // namespace gainstage
