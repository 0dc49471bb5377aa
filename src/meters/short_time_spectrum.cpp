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
  fft_.emplace(RealFft::fast_length(window_.size()));
  buffers_.resize(channels * window_.size());
  windowed_.assign(fft_->length(), 0.0f);
  bins_.resize(fft_->bins());
  other_bins_.resize(fft_->bins());
  energy_.resize(fft_->bins());
  side_.resize(fft_->bins());
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
  std::fill(energy_.begin(), energy_.end(), 0.0f);
  for (std::size_t c = 0; c < channels_; ++c) {
    const float* const samples = buffers_.data() + c * window_.size();
    for (std::size_t i = 0; i < window_.size(); ++i) windowed_[i] = window_[i] * samples[i];
    std::vector<std::complex<float>>& bins = c == 1 ? other_bins_ : bins_;
    fft_->forward(windowed_, bins);
    for (std::size_t k = 0; k < bins.size(); ++k) energy_[k] += std::norm(bins[k]);
  }
  // Parseval: the squares of the samples add up to those of all bins over the length; a bin of a real signal
  // stands for its mirror image too, but for the first and last.
  const float scale = 2.0f / static_cast<float>(fft_->length());
  for (float& energy : energy_) energy *= scale;
  energy_.front() *= 0.5f;
  energy_.back() *= 0.5f;
  if (channels_ != 2) return {energy_, {}};
  for (std::size_t k = 0; k < side_.size(); ++k)
    side_[k] = 0.5f * scale * std::norm(bins_[k] - other_bins_[k]);
  side_.front() *= 0.5f;
  side_.back() *= 0.5f;
  return {energy_, side_};
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
