// SPDX-License-Identifier: MIT
#include "speed/signals.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace gainstage::bench {
namespace {

constexpr double rate_hz = 48000.0;

std::complex<double> rotation(double frequency_hz) {
  return std::polar(1.0, 2.0 * std::numbers::pi * frequency_hz / rate_hz);
}

constexpr std::array<std::pair<Signal, std::string_view>, signals.size()> names{{
    {Signal::music, "music"},
    {Signal::loud, "loud"},
    {Signal::sine, "sine"},
    {Signal::high_sine, "high-sine"},
    {Signal::white, "white"},
    {Signal::dc_and_noise, "dc-and-noise"},
    {Signal::low_tone, "low-tone"},
    {Signal::quiet_noise, "quiet-noise"},
}};

}  // namespace

std::string_view name(Signal signal) {
  return std::ranges::find(names, signal, [](const auto& entry) { return entry.first; })->second;
}

std::optional<Signal> signal_of(std::string_view wanted) {
  for (const auto& [signal, name] : names) {
    if (name == wanted) return signal;
  }
  return std::nullopt;
}

SignalSource::SignalSource(Signal signal, std::uint32_t seed)
    : signal_(signal), random_(seed * 2654435761u + 1) {
  // A chord on a note of its own for every seed.
  const double root_hz = 55.0 * std::exp2(static_cast<double>(seed % 36) / 12.0);
  constexpr std::array<double, 6> intervals{1.0, 1.498, 2.0, 2.52, 3.0, 5.04};
  for (std::size_t i = 0; i < pad_.size(); ++i) pad_[i] = {1.0, rotation(root_hz * intervals[i])};
  drum_ = {1.0, rotation(58.0)};
  const double tone_hz = signal == Signal::sine ? 997.0 : signal == Signal::high_sine ? 12000.0 : 10.0;
  tone_ = {std::polar(1.0, signal == Signal::high_sine ? std::numbers::pi / 4.0 : 0.0), rotation(tone_hz)};
}

float SignalSource::noise() {
  random_ = random_ * 1664525u + 1013904223u;  // Numerical Recipes' generator.
  return static_cast<float>(random_ >> 8) / 8388608.0f - 1.0f;
}

SignalSource::Frame SignalSource::music() {
  constexpr std::int64_t section_frames = 8 * 48000;
  if (position_ % section_frames == 0)
    section_level_ = std::pow(10.0, (-12.0 + 12.0 * double(noise())) / 20.0);
  if (position_ % 24000 == 0) {
    drum_level_ = 1.0;
    for (Voice& voice : pad_) voice.phase /= std::abs(voice.phase);
    drum_.phase = 1.0;
  }
  if (position_ % 12000 == 0) hat_level_ = 0.4;
  std::complex<double> pads[2] = {};
  for (std::size_t i = 0; i < pad_.size(); ++i) {
    pad_[i].phase *= pad_[i].step;
    pads[i % 2] += pad_[i].phase;
  }
  drum_.phase *= drum_.step;
  drum_level_ *= 0.9997;
  hat_level_ *= 0.998;
  const float left_noise = noise();
  const float right_noise = noise();
  bed_left_ += 0.05f * (left_noise - bed_left_);
  bed_right_ += 0.05f * (right_noise - bed_right_);
  const double drum = drum_level_ * drum_.phase.imag();
  const double left = 0.10 * pads[0].imag() + 0.06 * pads[1].real() + hat_level_ * double(left_noise);
  const double right = 0.06 * pads[0].real() + 0.10 * pads[1].imag() + hat_level_ * double(right_noise);
  return {static_cast<float>(section_level_ * (0.6 * drum + left + double(bed_left_))),
          static_cast<float>(section_level_ * (0.6 * drum + right + double(bed_right_)))};
}

SignalSource::Frame SignalSource::frame() {
  switch (signal_) {
    case Signal::music:
      return music();
    case Signal::loud: {
      const Frame clean = music();
      return {std::clamp(4.0f * clean.left, -0.97f, 0.97f), std::clamp(4.0f * clean.right, -0.97f, 0.97f)};
    }
    case Signal::white:
      return {noise(), noise()};
    case Signal::dc_and_noise:
      return {0.5f + 0.000178f * noise(), 0.5f + 0.000178f * noise()};
    case Signal::quiet_noise:
      return {0.0005f * noise(), 0.0005f * noise()};
    case Signal::sine:
    case Signal::high_sine:
    case Signal::low_tone:
      break;
  }
  tone_.phase *= tone_.step;
  const float tone = static_cast<float>(tone_.phase.imag());
  if (signal_ != Signal::low_tone) return {tone, tone};
  return {0.9f * tone + 0.003f * noise(), 0.9f * tone + 0.003f * noise()};
}

void SignalSource::next(AudioView<float> block) {
  const std::span<float> left = block.channel(0);
  const std::span<float> right = block.channel(1);
  for (std::size_t i = 0; i < block.frames; ++i) {
    const Frame made = frame();
    left[i] = made.left;
    right[i] = made.right;
    ++position_;
  }
  tone_.phase /= std::abs(tone_.phase);
}

}  // namespace gainstage::bench
