// SPDX-License-Identifier: MIT
#include "meters/true_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "dsp/level.h"

namespace gainstage {
namespace {

constexpr std::size_t chunk_frames = 1024;
constexpr std::size_t cell_frames = 32;

/// Greatest factor by which an output can exceed the inputs.
double greatest_gain(const Interpolator& interpolator) {
  double greatest = 1.0;  // Phase 0 hands the sample on.
  for (std::size_t p = 1; p < interpolator.factor; ++p) {
    greatest = std::max(greatest, l1_norm(interpolator.phase(p)));
  }
  return greatest;
}

}  // namespace

std::string_view name(TruePeakFilter filter) {
  return filter == TruePeakFilter::oversampled_16x ? "gainstage-16x" : "bs1770-4x";
}

InterpolatorStages true_peak_stages(TruePeakFilter filter, double sample_rate_hz) {
  const Interpolator none = hann_interpolator(1, 1);
  if (filter == TruePeakFilter::bs1770_4x) {
    // 49 taps in all: 24 steps of the oversampled rate to both sides.
    if (sample_rate_hz < 96000.0) return {hann_interpolator(4, 6), none};
    if (sample_rate_hz < 192000.0) return {hann_interpolator(2, 12), none};
    return {none, none};
  }
  // First twice: a Kaiser window of 32 frames to both sides is flat to 0.4745 of the rate (20.9 kHz at 44.1
  // kHz), its images 54 dB down from 0.5255 on. Then what is left to sixteen times 48 kHz: the signal now
  // lies in the lower half of the band, and four steps to both sides keep its images 60 dB down.
  const Interpolator first = kaiser_interpolator(2, 32, 5.0);
  if (sample_rate_hz <= 50000.0) return {first, kaiser_interpolator(8, 4, 5.65)};
  if (sample_rate_hz <= 100000.0) return {first, kaiser_interpolator(4, 4, 5.65)};
  if (sample_rate_hz <= 200000.0) return {first, kaiser_interpolator(2, 4, 5.65)};
  return {first, none};
}

Interpolator true_peak_interpolator(TruePeakFilter filter, double sample_rate_hz) {
  const InterpolatorStages both = true_peak_stages(filter, sample_rate_hz);
  return cascade(both.first, both.second);
}

void TruePeakMeter::prepare(Format format) {
  sample_rate_hz_ = format.sample_rate_hz;
  InterpolatorStages both = true_peak_stages(filter_, format.sample_rate_hz);
  const Interpolator whole = cascade(both.first, both.second);
  first_ = std::move(both.first);
  second_ = std::move(both.second);
  taps_ = whole.taps;
  margin_ = (whole.taps - first_.taps) / 2;
  // Sums of up to 128 float products, in two stages, are off by less than 2^-14 of the sum of magnitudes.
  constexpr double rounding = 1.0 + 0x1p-14;
  bound_ = rounding * greatest_gain(whole);
  second_bound_ = rounding * greatest_gain(second_);
  channels_.resize(format.channels);
  histories_.resize(format.channels * (taps_ - 1));
  scratch_.resize(taps_ - 1 + chunk_frames);
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
  const std::size_t count = taps_ / 2;
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    process_chunk(c, std::span<const float>(silence).first(count));
  }
  position_ += static_cast<Frames>(count);
}

void TruePeakMeter::process_chunk(std::size_t c, std::span<const float> samples) noexcept {
  Channel& channel = channels_[c];
  const std::size_t kept = taps_ - 1;
  const float chunk_peak = gainstage::peak(samples);
  if (chunk_peak > channel.sample.ratio) {
    const auto at =
        std::find_if(samples.begin(), samples.end(), [=](float x) { return std::abs(x) == chunk_peak; });
    channel.sample = {chunk_peak, static_cast<double>(position_ + (at - samples.begin()))};
  }
  if (first_.factor == 1) return;
  const std::span<float> history = std::span(histories_).subspan(c * kept, kept);
  if (channel.history_peak == 0.0f && chunk_peak == 0.0f) return;

  std::copy(history.begin(), history.end(), scratch_.begin());
  std::copy(samples.begin(), samples.end(), scratch_.begin() + static_cast<std::ptrdiff_t>(kept));
  const double greatest_possible = bound_ * std::max(channel.history_peak, chunk_peak);
  if (greatest_possible >= std::max(channel.between.ratio, channel.sample.ratio)) {
    search(channel, samples.size());
  }
  std::copy_n(scratch_.begin() + static_cast<std::ptrdiff_t>(samples.size()), kept, history.begin());
  channel.history_peak = gainstage::peak(history);
}

void TruePeakMeter::search(Channel& channel, std::size_t count) noexcept {
  const std::size_t filled = taps_ - 1 + count;
  const std::size_t cells = (filled + cell_frames - 1) / cell_frames;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const std::size_t begin = cell * cell_frames;
    cell_peaks_[cell] =
        gainstage::peak(std::span(scratch_).subspan(begin, std::min(cell_frames, filled - begin)));
  }
  const std::size_t reach = (taps_ - 1 + cell_frames - 1) / cell_frames + 1;
  const auto local_peak = [&](std::size_t cell) {
    const auto first = cell_peaks_.begin() + static_cast<std::ptrdiff_t>(cell);
    return *std::max_element(first, first + static_cast<std::ptrdiff_t>(std::min(reach, cells - cell)));
  };
  // The loudest place first: most of the others then can't beat it. Equal maxima are kept by time, so the
  // order of the search does not show.
  const std::size_t searched = (count + cell_frames - 1) / cell_frames;
  std::size_t loudest = 0;
  float greatest = 0.0f;
  for (std::size_t cell = 0; cell < searched; ++cell) {
    const float centre = cell_peaks_[std::min(cell + reach / 2, cells - 1)];
    if (centre > greatest) {
      greatest = centre;
      loudest = cell;
    }
  }
  const auto visit = [&](std::size_t cell) {
    const double possible = bound_ * static_cast<double>(local_peak(cell));
    if (possible < static_cast<double>(std::max(channel.between.ratio, channel.sample.ratio))) return;
    const std::size_t first = cell * cell_frames;
    search_cell(channel, first, std::min(cell_frames, count - first));
  };
  visit(loudest);
  for (std::size_t cell = 0; cell < searched; ++cell) {
    if (cell != loudest) visit(cell);
  }
}

void TruePeakMeter::search_cell(Channel& channel, std::size_t first, std::size_t count) noexcept {
  // The first stage's outputs, the samples among them, from `margin_` frames before the cell to as many
  // after.
  constexpr std::size_t greatest_factor = 4;
  constexpr std::size_t greatest_margin = 2;
  constexpr std::size_t greatest_frames = cell_frames + 2 * greatest_margin;
  std::array<float, greatest_factor * greatest_frames> grid;
  std::array<float, greatest_factor * cell_frames> values;
  const std::size_t factor = first_.factor;
  const std::size_t frames = count + 2 * margin_;
  assert(factor <= greatest_factor && margin_ <= greatest_margin);
  const float* const samples = scratch_.data() + first;
  const double frame = static_cast<double>(position_ + static_cast<Frames>(first) - latency_frames());

  for (std::size_t i = 0; i < frames; ++i) grid[i * factor] = samples[i + first_.taps / 2 - 1];
  for (std::size_t p = 1; p < factor; ++p) {
    const std::span<float> out = std::span(values).first(frames);
    correlate(first_.phase(p), samples, out);
    for (std::size_t i = 0; i < frames; ++i) grid[i * factor + p] = out[i];
    take_maximum(channel, out.subspan(margin_, count),
                 frame + static_cast<double>(p) / static_cast<double>(factor), 1.0);
  }
  if (second_.factor == 1) return;
  const float greatest = gainstage::peak(std::span(grid).first(frames * factor));
  const double possible = second_bound_ * static_cast<double>(greatest);
  if (possible < static_cast<double>(std::max(channel.between.ratio, channel.sample.ratio))) return;
  const float* const start = grid.data() + margin_ * factor - (second_.taps / 2 - 1);
  const double step = 1.0 / static_cast<double>(factor);
  for (std::size_t p = 1; p < second_.factor; ++p) {
    const std::span<float> out = std::span(values).first(count * factor);
    correlate(second_.phase(p), start, out);
    take_maximum(channel, out, frame + step * static_cast<double>(p) / static_cast<double>(second_.factor),
                 step);
  }
}

/// Takes note of `values`, the first of which lies at `first_frame` and the others `step` frames apart.
void TruePeakMeter::take_maximum(Channel& channel, std::span<const float> values, double first_frame,
                                 double step) noexcept {
  const float greatest = gainstage::peak(values);
  if (greatest < channel.between.ratio || greatest == 0.0f) return;
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (std::abs(values[n]) != greatest) continue;
    const double frame = first_frame + step * static_cast<double>(n);
    if (greatest > channel.between.ratio || frame < channel.between.frame)
      channel.between = {greatest, frame};
    return;
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
