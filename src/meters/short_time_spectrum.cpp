// SPDX-License-Identifier: MIT
#include "meters/short_time_spectrum.h"

#include <cassert>
#include <cmath>

#include "dsp/level.h"
#include "dsp/window.h"

namespace gainstage {

void ShortTimeSpectrum::prepare(std::size_t channels, double hop_frames) {
  hop_frames_ = hop_frames;
  channels_ = channels;
  window_ = sine_window(2 * static_cast<std::size_t>(std::llround(hop_frames)));
  fft_.emplace(ComplexFft::fast_length(window_.size()));
  buffers_.resize(channels * window_.size());
  const std::size_t bins = fft_->length() / 2 + 1;
  energy_.resize(bins);
  side_.resize(bins);
  pair_energy_.resize(bins);
  reset();
}

void ShortTimeSpectrum::reset() noexcept {
  std::fill(buffers_.begin(), buffers_.end(), 0.0f);
  filled_ = window_.size() / 2;
  frame_ = 0;
  frame_begin_ = begin_of(0);
  position_ = 0;
}

Frames ShortTimeSpectrum::begin_of(Frames frame) const noexcept {
  return std::llround(static_cast<double>(frame) * hop_frames_) - static_cast<Frames>(window_.size() / 2);
}

void ShortTimeSpectrum::append(AudioView<const float> part) noexcept {
  assert(part.channels.size() == channels_);
  for (std::size_t c = 0; c < channels_; ++c) {
    const std::span<const float> samples = part.channel(c);
    std::copy(samples.begin(), samples.end(), buffers_.data() + c * window_.size() + filled_);
  }
  filled_ += part.frames;
  position_ += static_cast<Frames>(part.frames);
}

void ShortTimeSpectrum::append_silence(std::size_t count) noexcept {
  for (std::size_t c = 0; c < channels_; ++c) {
    std::fill_n(buffers_.data() + c * window_.size() + filled_, count, 0.0f);
  }
  filled_ += count;
}

ShortTimeSpectrum::Frame ShortTimeSpectrum::transform() noexcept {
  if (is_digital_silence(buffers_)) return {};
  // Two channels go in one transform.
  for (std::size_t c = 0; c < channels_; c += 2) {
    load(c, fft_->re());
    load(c + 1, fft_->im());
    fft_->transform();
    fft_->energies_of_two(c == 0 ? energy_ : pair_energy_, side_);
    if (c > 0) accumulate(energy_, 1.0f, pair_energy_);
  }
  if (channels_ != 2) return {energy_, {}};
  return {energy_, side_};
}

/// A windowed channel, and silence where there is none.
void ShortTimeSpectrum::load(std::size_t channel, std::span<float> to) noexcept {
  std::size_t filled = 0;
  if (channel < channels_) {
    filled = window_.size();
    apply_window(window_, std::span(buffers_).subspan(channel * filled, filled), to.first(filled));
  }
  std::ranges::fill(to.subspan(filled), 0.0f);
}

void ShortTimeSpectrum::advance() noexcept {
  ++frame_;
  const Frames next = begin_of(frame_);
  const std::size_t gone = static_cast<std::size_t>(next - frame_begin_);
  filled_ -= gone;
  for (std::size_t c = 0; c < channels_; ++c) {
    float* const samples = buffers_.data() + c * window_.size();
    std::copy(samples + gone, samples + window_.size(), samples);
  }
  frame_begin_ = next;
}

}  // namespace gainstage
