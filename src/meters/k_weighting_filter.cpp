// SPDX-License-Identifier: MIT
#include "meters/k_weighting_filter.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "dsp/level.h"
#include "meters/level_meters.h"

namespace gainstage {

void KWeightingFilter::prepare(Format format, HopDetail detail) {
  detail_ = detail;
  plan_.emplace(format.sample_rate_hz);
  tick_weights_ = level_tick_weights(format.sample_rate_hz);
  hops_ = HopClock(format.sample_rate_hz, 100.0);
  // Enough lanes for whole vectors of any width, few enough for the samples to stay in the nearest caches.
  constexpr std::size_t lanes = 64;
  most_waiting_ =
      std::clamp<std::size_t>(lanes / std::max<std::size_t>(1, format.channels), 1, most_hops_together);
  memories_.resize(format.channels);
  runs_.resize(format.channels);
  sums_.resize(most_waiting_ * format.channels);
  waiting_.reserve(most_waiting_);
  waiting_hops_.reserve(most_waiting_ * format.channels);
  lanes_.reserve(format.channels);
  kept_ = AudioBuffer(format.channels, plan_->shortest_hop + 1);
  reset();
}

void KWeightingFilter::reset() noexcept {
  hops_.reset();
  std::fill(memories_.begin(), memories_.end(), KWeightingMemory{});
  kept_frames_ = 0;
}

void KWeightingFilter::run_hops(AudioView<const float> in, AudioView<float> out, std::span<HopLevels> levels,
                                std::span<const std::byte> ahead) noexcept {
  assert(in.channels.size() == channels());
  waiting_hops_.clear();
  std::fill(sums_.begin(), sums_.end(), 0.0);
  for (std::size_t c = 0; c < channels(); ++c) {
    if (memories_[c].is_zero() && is_digital_silence(in.channel(c))) {
      if (!out.channels.empty()) std::ranges::fill(out.channel(c), 0.0f);
      for (std::size_t i = c; i < levels.size(); i += channels()) levels[i] = {};
      continue;
    }
    std::size_t first = 0;
    for (std::size_t hop = 0; hop < waiting_.size(); ++hop) {
      float* const to = out.channels.empty() ? nullptr : out.channel(c).data() + first;
      HopLevels* const of_hop = levels.empty() ? nullptr : &levels[hop * channels() + c];
      waiting_hops_.push_back({in.channel(c).data() + first, waiting_[hop], to, &memories_[c], of_hop, 0.0});
      first += waiting_[hop];
    }
  }
  gainstage::run_hops(*plan_, waiting_hops_, tick_weights_, ahead, detail_);
  for (std::size_t first = 0; first < waiting_hops_.size(); first += waiting_.size()) {
    const auto c = static_cast<std::size_t>(waiting_hops_[first].memory - memories_.data());
    for (std::size_t hop = 0; hop < waiting_.size(); ++hop) {
      sums_[hop * channels() + c] = waiting_hops_[first + hop].sum;
    }
  }
}

void KWeightingFilter::run_packed_hops(std::span<const std::byte> bytes, std::span<HopLevels> levels,
                                       std::span<const std::byte> ahead) noexcept {
  waiting_hops_.clear();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    waiting_hops_.push_back({nullptr, frames_in_hop(), nullptr, &memories_[i % 2], &levels[i], 0.0});
  }
  gainstage::run_packed_hops(*plan_, bytes, waiting_hops_, tick_weights_, ahead, detail_);
  for (std::size_t i = 0; i < levels.size(); ++i) sums_[i] = waiting_hops_[i].sum;
}

void KWeightingFilter::keep(AudioView<const float> in, AudioView<float> out) noexcept {
  for (std::size_t c = 0; c < channels(); ++c) {
    std::ranges::copy(in.channel(c), kept_.view().section(kept_frames_, in.frames).channel(c).begin());
  }
  if (!out.channels.empty()) {
    lanes_.clear();
    for (std::size_t c = 0; c < channels(); ++c) {
      const KWeightingRun run = kept_frames_ == 0 ? plan_->begin(memories_[c]) : runs_[c];
      lanes_.push_back({in.channel(c).data(), in.frames, out.channel(c).data(), run});
    }
    run_lanes(*plan_, lanes_);
    for (std::size_t c = 0; c < channels(); ++c) runs_[c] = lanes_[c].run;
  }
  kept_frames_ += in.frames;
}

void KWeightingFilter::run_kept() noexcept {
  waiting_.assign(1, kept_frames_);
  run_hops(std::as_const(kept_).view(kept_frames_), {}, {}, {});
  waiting_.clear();
  kept_frames_ = 0;
}

}  // namespace gainstage
