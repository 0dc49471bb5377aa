// SPDX-License-Identifier: MIT
#include "engine/live/live_monitor.h"

#include <algorithm>
#include <cmath>

#include "dsp/packed_samples.h"

namespace gainstage {

LiveMonitor::LiveMonitor(const LivePlan& plan, std::size_t most_frames)
    : ramp_frames_(std::max<Frames>(1, static_cast<Frames>(std::floor(0.01 * plan.sample_rate_hz)))),
      other_(plan.mix_channels, most_frames) {}

void LiveMonitor::listen(std::uint32_t strip, LiveTap tap) noexcept {
  next_ = strip == LiveCommand::no_strip ? Place{} : Place{strip, tap};
}

void LiveMonitor::go_gain(double ratio) noexcept { gain_.go(ratio, ramp_frames_); }

void LiveMonitor::go_mono(bool is_mono) noexcept { mono_.go(is_mono ? 1.0 : 0.0, ramp_frames_); }

/// One channel is heard on the first two, others on those of the same number.
void LiveMonitor::take(const LiveMixer& mixer, const Place& place, const Ramp& gate,
                       AudioView<float> out) const noexcept {
  const bool is_mix = place.strip == LiveCommand::no_strip;
  const LiveSound sound = is_mix ? mixer.mix_sound() : mixer.tap(place.strip, place.tap);
  const std::size_t wide = sound.is_silent ? 0 : sound.samples.channels.size();
  for (std::size_t c = 0; c < out.channels.size(); ++c) {
    const bool is_twice = wide == 1 && c == 1;
    if (c < wide || is_twice) {
      std::ranges::copy(sound.samples.channel(is_twice ? 0 : c), out.channel(c).begin());
    } else {
      std::ranges::fill(out.channel(c), 0.0f);
      continue;
    }
    if (is_mix || (!gate.is_moving() && gate.end() == 1.0)) continue;
    const std::span<float> samples = out.channel(c);
    for (std::size_t k = 0; k < samples.size(); ++k)
      samples[k] *= static_cast<float>(gate.at(static_cast<Frames>(k)));
  }
}

void LiveMonitor::render(const LiveMixer& mixer, const Ramp& gate, AudioView<float> out) noexcept {
  if (!way_.is_moving()) {
    from_ = to_;
    if (next_ != to_) {
      to_ = next_;
      way_.set(0.0);
      way_.go(1.0, ramp_frames_);
    }
  }
  const auto frames = static_cast<Frames>(out.frames);
  take(mixer, to_, gate, out);
  if (way_.is_moving()) {
    const AudioView<float> whole = other_.view(out.frames);
    const AudioView<float> other{whole.channels.first(std::min(whole.channels.size(), out.channels.size())),
                                 0, out.frames};
    take(mixer, from_, gate, other);
    for (std::size_t c = 0; c < other.channels.size(); ++c) {
      const std::span<float> samples = out.channel(c);
      for (std::size_t k = 0; k < samples.size(); ++k) {
        const auto share = static_cast<float>(way_.at(static_cast<Frames>(k)));
        samples[k] = share * samples[k] + (1.0f - share) * other.channel(c)[k];
      }
    }
    way_.advance(frames);
  }
  if (out.channels.size() >= 2 && (mono_.is_moving() || mono_.end() != 0.0)) {
    const std::span<float> left = out.channel(0);
    const std::span<float> right = out.channel(1);
    for (std::size_t k = 0; k < left.size(); ++k) {
      const auto share = static_cast<float>(mono_.at(static_cast<Frames>(k)));
      const float mean = 0.5f * (left[k] + right[k]);
      left[k] += share * (mean - left[k]);
      right[k] += share * (mean - right[k]);
    }
  }
  mono_.advance(frames);
  for (std::size_t c = 0; c < out.channels.size(); ++c) {
    const std::span<float> samples = out.channel(c);
    if (gain_.is_moving() || gain_.end() != 1.0) {
      for (std::size_t k = 0; k < samples.size(); ++k)
        samples[k] *= static_cast<float>(gain_.at(static_cast<Frames>(k)));
    }
    // Gains may make more of great samples than a float holds.
    if (!all_finite(std::span<const float>(samples))) std::ranges::fill(samples, 0.0f);
  }
  gain_.advance(frames);
}

}  // namespace gainstage
