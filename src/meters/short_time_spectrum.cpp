// SPDX-License-Identifier: MIT
#include "meters/short_time_spectrum.h"

#include <cassert>
#include <cmath>

#include "dsp/level.h"
#include "dsp/window.h"

namespace gainstage {

std::size_t ShortTimeTransform::window_frames(double hop_frames) {
  return 2 * static_cast<std::size_t>(std::llround(hop_frames));
}

ShortTimeTransform::ShortTimeTransform(double hop_frames)
    : fft(ComplexFft::fast_length(window_frames(hop_frames))) {
  const std::vector<float> sine = sine_window(window_frames(hop_frames));
  window.assign(sine.begin(), sine.end());
}

void ShortTimeSpectrum::prepare(std::size_t channels, double hop_frames) {
  hop_frames_ = hop_frames;
  channels_ = channels;
  window_frames_ = ShortTimeTransform::window_frames(hop_frames);
  fft_length_ = ComplexFft::fast_length(window_frames_);
  silence_.assign(channels % 2 == 1 ? window_frames_ : 0, 0.0f);
  history_ = AudioBuffer(channels, window_frames_);
  energy_.resize(channels > 2 ? bins() : 0);
  reset();
}

void ShortTimeSpectrum::reset() noexcept {
  for (std::size_t c = 0; c < channels_; ++c) std::ranges::fill(history_.view().channel(c), 0.0f);
  filled_ = window_frames_ / 2;
  frame_ = 0;
  frame_begin_ = begin_of(0);
  position_ = 0;
}

Frames ShortTimeSpectrum::begin_of(Frames frame) const noexcept {
  return std::llround(static_cast<double>(frame) * hop_frames_) - static_cast<Frames>(window_frames_ / 2);
}

void ShortTimeSpectrum::append(AudioView<const float> part, std::size_t at) noexcept {
  assert(part.channels.size() == channels_);
  for (std::size_t c = 0; c < channels_; ++c) {
    std::ranges::copy(part.channel(c), history_.view().channel(c).begin() + static_cast<std::ptrdiff_t>(at));
  }
}

void ShortTimeSpectrum::append_silence() noexcept {
  for (std::size_t c = 0; c < channels_; ++c) {
    std::ranges::fill(history_.view().channel(c).subspan(filled_), 0.0f);
  }
  filled_ = window_frames_;
}

ShortTimeSpectrum::Frame ShortTimeSpectrum::transformed(AudioView<const float> frame,
                                                        ShortTimeTransform& transform) noexcept {
  bool is_silent = true;
  for (std::size_t c = 0; c < channels_ && is_silent; ++c) is_silent = is_digital_silence(frame.channel(c));
  Frame result;
  if (is_silent) return result;
  result.spectrum = this;
  result.fft = &transform.fft;
  if (channels_ <= 2) {
    transform_pair(frame, 0, transform);
    return result;
  }
  std::ranges::fill(energy_, 0.0f);
  for (std::size_t c = 0; c < channels_; c += 2) {
    transform_pair(frame, c, transform);
    transform.fft.add_energies_of_two(1.0f, energy_, {});
  }
  return result;
}

/// Two channels go in one transform.
void ShortTimeSpectrum::transform_pair(AudioView<const float> frame, std::size_t channel,
                                       ShortTimeTransform& transform) const noexcept {
  ComplexFft& fft = transform.fft;
  assert(fft.length() == fft_length_ && transform.window.size() == window_frames_);
  const std::span<const float> first = frame.channel(channel);
  const std::span<const float> second =
      channel + 1 < channels_ ? frame.channel(channel + 1) : std::span<const float>(silence_);
  if (fft_length_ == window_frames_) {
    fft.transform(transform.window, first, second);
    return;
  }
  const auto load = [&](std::span<const float> from, std::span<float> to) {
    apply_window(transform.window, from, to.first(from.size()));
    std::ranges::fill(to.subspan(from.size()), 0.0f);
  };
  load(first, fft.re());
  load(second, fft.im());
  fft.transform();
}

void ShortTimeSpectrum::Frame::add_to(float share, std::span<float> energy,
                                      std::span<float> side) const noexcept {
  if (fft == nullptr) return;
  const std::size_t channels = spectrum->channels_;
  if (channels > 2) {
    accumulate(energy, share, spectrum->energy_);
  } else {
    fft->add_energies_of_two(share, energy, channels == 2 ? side : std::span<float>{});
  }
}

void ShortTimeSpectrum::advance() noexcept {
  ++frame_;
  const Frames next = begin_of(frame_);
  const auto gone = static_cast<std::size_t>(next - frame_begin_);
  frame_begin_ = next;
  if (gone >= filled_) {
    filled_ = 0;
    return;
  }
  for (std::size_t c = 0; c < channels_; ++c) {
    float* const samples = history_.view().channel(c).data();
    std::copy(samples + gone, samples + filled_, samples);
  }
  filled_ -= gone;
}

}  // namespace gainstage
