// SPDX-License-Identifier: MIT
#include "meters/true_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dsp/level.h"

namespace gainstage {
namespace {

constexpr std::size_t chunk_frames = 1024;
constexpr std::size_t cell_frames = 16;

}  // namespace

std::string_view name(TruePeakFilter filter) {
  return filter == TruePeakFilter::oversampled_16x ? "gainstage-16x" : "bs1770-4x";
}

Interpolator true_peak_interpolator(TruePeakFilter filter, double sample_rate_hz) {
  if (filter == TruePeakFilter::bs1770_4x) {
    // 49 taps in all: 24 steps of the oversampled rate to both sides.
    if (sample_rate_hz < 96000.0) return hann_interpolator(4, 6);
    if (sample_rate_hz < 192000.0) return hann_interpolator(2, 12);
    return hann_interpolator(1, 1);
  }
  // A Kaiser window of 32 frames to both sides: flat to 0.4745 of the rate (20.9 kHz at 44.1 kHz), images 54
  // dB down from 0.5255 on.
  constexpr std::size_t half_width_frames = 32;
  constexpr double beta = 5.0;
  const std::size_t factor = sample_rate_hz <= 50000.0    ? 16
                             : sample_rate_hz <= 100000.0 ? 8
                             : sample_rate_hz <= 200000.0 ? 4
                                                          : 2;
  return kaiser_interpolator(factor, half_width_frames, beta);
}

void TruePeakMeter::prepare(Format format) {
  sample_rate_hz_ = format.sample_rate_hz;
  interpolator_ = true_peak_interpolator(filter_, format.sample_rate_hz);
  double greatest = 0.0;
  for (std::size_t p = 1; p < interpolator_.factor; ++p) {
    greatest = std::max(greatest, l1_norm(interpolator_.phase(p)));
  }
  // A float sum of `taps` products is off by less than taps * 2^-23 of the sum of magnitudes.
  bound_ = greatest * (1.0 + static_cast<double>(interpolator_.taps) * 0x1p-22);
  channels_.resize(format.channels);
  histories_.resize(format.channels * (interpolator_.taps - 1));
  scratch_.resize(interpolator_.taps - 1 + chunk_frames);
  cell_peaks_.resize(scratch_.size() / cell_frames + 1);
  reset();
}

void TruePeakMeter::reset() noexcept {
  std::fill(channels_.begin(), channels_.end(), Channel{});
  std::fill(histories_.begin(), histories_.end(), 0.0f);
  position_ = 0;
}

void TruePeakMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == channels_.size());
  for (std::size_t first = 0; first < block.frames; first += chunk_frames) {
    const std::size_t count = std::min(chunk_frames, block.frames - first);
    for (std::size_t c = 0; c < channels_.size(); ++c)
      process_chunk(c, block.channel(c).subspan(first, count));
    position_ += static_cast<Frames>(count);
  }
}

void TruePeakMeter::finish() noexcept {
  constexpr std::array<float, chunk_frames> silence{};
  const std::size_t count = interpolator_.taps / 2;
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    process_chunk(c, std::span<const float>(silence).first(count));
  }
  position_ += static_cast<Frames>(count);
}

void TruePeakMeter::process_chunk(std::size_t c, std::span<const float> samples) noexcept {
  Channel& channel = channels_[c];
  const std::size_t kept = interpolator_.taps - 1;
  const float chunk_peak = gainstage::peak(samples);
  if (chunk_peak > channel.sample.ratio) {
    const auto at =
        std::find_if(samples.begin(), samples.end(), [=](float x) { return std::abs(x) == chunk_peak; });
    channel.sample = {chunk_peak, static_cast<double>(position_ + (at - samples.begin()))};
  }
  if (interpolator_.factor == 1) return;
  const std::span<float> history = std::span(histories_).subspan(c * kept, kept);
  if (channel.history_peak == 0.0f && chunk_peak == 0.0f) return;

  std::copy(history.begin(), history.end(), scratch_.begin());
  std::copy(samples.begin(), samples.end(), scratch_.begin() + static_cast<std::ptrdiff_t>(kept));
  const double greatest_possible = bound_ * std::max(channel.history_peak, chunk_peak);
  if (greatest_possible > channel.between.ratio && greatest_possible >= channel.sample.ratio) {
    search(channel, samples.size());
  }
  std::copy_n(scratch_.begin() + static_cast<std::ptrdiff_t>(samples.size()), kept, history.begin());
  channel.history_peak = gainstage::peak(history);
}

void TruePeakMeter::search(Channel& channel, std::size_t count) noexcept {
  const std::size_t filled = interpolator_.taps - 1 + count;
  const std::size_t cells = (filled + cell_frames - 1) / cell_frames;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::size_t begin = cell * cell_frames;
    cell_peaks_[cell] =
        gainstage::peak(std::span(scratch_).subspan(begin, std::min(cell_frames, filled - begin)));
  }
  const std::size_t reach = (interpolator_.taps - 1 + cell_frames - 1) / cell_frames + 1;
  for (std::size_t first = 0; first < count; first += cell_frames) {
    const std::size_t cell = first / cell_frames;
    float local = 0.0f;
    for (std::size_t i = cell; i < std::min(cell + reach, cells); ++i)
      local = std::max(local, cell_peaks_[i]);
    const double possible = bound_ * local;
    // A maximum that only equals an earlier one changes nothing; one that equals the sample peak may come
    // earlier.
    if (possible <= channel.between.ratio || possible < channel.sample.ratio) continue;
    search_cell(channel, first, std::min(cell_frames, count - first));
  }
}

void TruePeakMeter::search_cell(Channel& channel, std::size_t first, std::size_t count) noexcept {
  std::array<float, cell_frames> values;
  const std::span<float> out = std::span(values).first(count);
  for (std::size_t p = 1; p < interpolator_.factor; ++p) {
    correlate(interpolator_.phase(p), scratch_.data() + first, out);
    if (gainstage::peak(out) < channel.between.ratio) continue;
    for (std::size_t n = 0; n < count; ++n) {
      const float value = std::abs(out[n]);
      const double frame =
          static_cast<double>(position_ + static_cast<Frames>(first + n) - latency_frames()) +
          static_cast<double>(p) / static_cast<double>(interpolator_.factor);
      const bool is_greater = value > channel.between.ratio;
      const bool is_earlier = value == channel.between.ratio && frame < channel.between.frame;
      if (is_greater || is_earlier) channel.between = {value, frame};
    }
  }
}

TruePeakMeter::Maximum TruePeakMeter::maximum(const Channel& channel) const noexcept {
  const bool is_between =
      channel.between.ratio > channel.sample.ratio ||
      (channel.between.ratio == channel.sample.ratio && channel.between.frame < channel.sample.frame);
  return is_between ? channel.between : channel.sample;
}

TruePeakMeter::Maximum TruePeakMeter::maximum() const noexcept {
  Maximum greatest;
  for (const Channel& channel : channels_) {
    const Maximum one = maximum(channel);
    if (one.ratio > greatest.ratio || (one.ratio == greatest.ratio && one.frame < greatest.frame))
      greatest = one;
  }
  return greatest;
}

double TruePeakMeter::peak_ratio(std::size_t channel) const noexcept {
  return maximum(channels_[channel]).ratio;
}
double TruePeakMeter::peak_ratio() const noexcept { return maximum().ratio; }
double TruePeakMeter::peak_at_seconds() const noexcept {
  return std::max(0.0, maximum().frame) / sample_rate_hz_;
}

}  // namespace gainstage
