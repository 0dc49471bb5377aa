// SPDX-License-Identifier: MIT
#include "meters/true_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "dsp/level.h"

namespace gainstage {
namespace {

constexpr std::size_t chunk_frames = TwoStagePeak::outputs;
/// Where at least one of so many cells could have a new maximum, all of them together take less time than
/// each alone.
constexpr std::size_t worth_everywhere = 5;
/// What promises much goes on to do so: for this many windows it is not surveyed again.
constexpr unsigned unsurveyed_windows = 7;
// With two frames of margin to both sides, eight vectors of eight.
constexpr std::size_t cell_frames = 60;
/// Samples behind those that outputs depend on which a search may read.
constexpr std::size_t beyond = cell_frames + 2 * interpolation_slack;
constexpr float unknown_bend = -1.0f;

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
  const InterpolatorStages both = true_peak_stages(filter_, format.sample_rate_hz);
  const Interpolator whole = cascade(both.first, both.second);
  first_ = fold(both.first);
  second_ = fold(both.second);
  taps_ = whole.taps;
  margin_ = (whole.taps - first_.taps) / 2;
  norm_ = (1.0 + interpolation_rounding) * greatest_gain(whole);
  bound_ = bound(whole);
  second_bound_ = bound(both.second);
  everywhere_.reset();
  if (both.second.factor > 1) everywhere_.emplace(both.first, both.second);
  channels_.resize(format.channels);
  histories_.resize(format.channels * (taps_ - 1));
  // Cells at the end may be surveyed, and outputs computed, beyond the chunk.
  scratch_.assign(taps_ - 1 + chunk_frames + cell_frames + 2 * interpolation_slack, 0.0f);
  cell_levels_.resize((chunk_frames + cell_frames - 1) / cell_frames);
  cell_bends_.resize((taps_ - 1 + chunk_frames + cell_frames - 1) / cell_frames);
  reset();
}

void TruePeakMeter::reset() noexcept {
  std::fill(channels_.begin(), channels_.end(), Channel{});
  std::fill(histories_.begin(), histories_.end(), 0.0f);
  position_ = 0;
}

void TruePeakMeter::forget_peaks() noexcept {
  for (Channel& channel : channels_) channel.sample = channel.between = {};
}

void TruePeakMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == channels_.size());
  if (block.frames == 0) return;
  for (std::size_t c = 0; c < channels_.size(); ++c) process_channel(c, block.channel(c));
  position_ += static_cast<Frames>(block.frames);
}

void TruePeakMeter::finish() noexcept {
  constexpr std::array<float, chunk_frames> silence{};
  const std::size_t count = taps_ / 2;
  for (std::size_t c = 0; c < channels_.size(); ++c) {
    process_channel(c, std::span<const float>(silence).first(count));
  }
  position_ += static_cast<Frames>(count);
}

void TruePeakMeter::process(AudioView<const float> block, std::span<const HopLevels> levels) noexcept {
  const std::size_t channels = channels_.size();
  assert(block.channels.size() == channels && levels.size() % channels == 0);
  if (block.frames == 0) return;
  const std::size_t hop_frames = block.frames * channels / levels.size();
  assert(hop_frames * levels.size() == block.frames * channels);
  if (hop_frames < taps_) return process(block);
  for (std::size_t c = 0; c < channels; ++c) {
    process_hops(c, block.channel(c), levels.data() + c, channels, hop_frames);
  }
  position_ += static_cast<Frames>(block.frames);
}

void TruePeakMeter::process_channel(std::size_t c, std::span<const float> samples) noexcept {
  Channel& channel = channels_[c];
  const std::size_t kept = taps_ - 1;
  for (std::size_t first = 0; first < samples.size();) {
    const std::size_t left = samples.size() - first;
    const bool is_in_place = first >= kept && left > beyond;
    std::size_t count = std::min(chunk_frames, is_in_place ? left - beyond : left);
    if (first < kept && left > beyond) count = std::min(count, kept - first);
    const std::span<const float> chunk = samples.subspan(first, count);
    const float peak = gainstage::peak(chunk);
    take_samples(channel, chunk, peak, position_ + static_cast<Frames>(first));
    const float window_peak = std::max(channel.history_peak, peak);
    channel.history_peak = count >= kept ? peak : window_peak;
    look_at(c, samples, first, count, window_peak);
    first += count;
  }
  keep_history(c, samples);
  if (samples.size() >= kept) {
    channel.history_peak = gainstage::peak(std::span(histories_).subspan(c * kept, kept));
  }
  channel.history_bend = unknown_bend;
}

// An output depends on samples of its hop and the one before. Hops in a row that could have a new maximum are
// searched together.
void TruePeakMeter::process_hops(std::size_t c, std::span<const float> samples, const HopLevels* levels,
                                 std::size_t stride, std::size_t hop_frames) noexcept {
  Channel& channel = channels_[c];
  std::size_t promising_from = 0, promising = 0;
  float promising_peak = 0.0f;
  const auto search_promising = [&] {
    for (std::size_t done = 0; done < promising; done += chunk_frames) {
      look_at(c, samples, promising_from + done, std::min(chunk_frames, promising - done), promising_peak);
    }
    promising = 0;
    promising_peak = 0.0f;
  };
  for (std::size_t first = 0; first < samples.size(); first += hop_frames, levels += stride) {
    const float peak = levels->peak;
    take_samples(channel, samples.subspan(first, hop_frames), peak, position_ + static_cast<Frames>(first));
    const float window_peak = std::max(channel.history_peak, peak);
    const bool is_bend_known = channel.history_bend != unknown_bend;
    const double bend = static_cast<double>(std::max(channel.history_bend, levels->bend));
    channel.history_peak = peak;
    channel.history_bend = levels->bend;
    const double greatest = static_cast<double>(window_peak);
    const double floor = static_cast<double>(floor_of(channel));
    const double possible = (bound_.level + interpolation_rounding * norm_) * greatest + bound_.bend * bend;
    if (norm_ * greatest >= floor && (possible >= floor || !is_bend_known)) {
      if (promising == 0) promising_from = first;
      promising += hop_frames;
      promising_peak = std::max(promising_peak, window_peak);
    } else if (promising > 0) {
      search_promising();
    }
  }
  search_promising();
  keep_history(c, samples);
}

/// Searches the outputs whose last samples are these. Samples are looked at where they lie, but for outputs
/// that depend on the history, and for those at the end of the block, beyond which nothing may be read.
void TruePeakMeter::look_at(std::size_t c, std::span<const float> samples, std::size_t first,
                            std::size_t count, float window_peak) noexcept {
  Channel& channel = channels_[c];
  if (first_.factor == 1 || window_peak == 0.0f ||
      norm_ * static_cast<double>(window_peak) < static_cast<double>(floor_of(channel))) {
    return;
  }
  const std::size_t kept = taps_ - 1;
  const bool is_in_place = first >= kept && first + count + beyond <= samples.size();
  if (!is_in_place) {
    const auto history = histories_.begin() + static_cast<std::ptrdiff_t>(c * kept);
    const std::size_t before = std::min(first, kept);
    auto to = std::copy(history + static_cast<std::ptrdiff_t>(before),
                        history + static_cast<std::ptrdiff_t>(kept), scratch_.begin());
    std::ranges::copy(samples.subspan(first - before, before + count), to);
  }
  search(channel, {is_in_place ? samples.data() + first - kept : scratch_.data(), count,
                   position_ + static_cast<Frames>(first), window_peak});
}

void TruePeakMeter::keep_history(std::size_t c, std::span<const float> samples) noexcept {
  const std::span<float> history = std::span(histories_).subspan(c * (taps_ - 1), taps_ - 1);
  const std::size_t taken = std::min(history.size(), samples.size());
  std::copy(history.begin() + static_cast<std::ptrdiff_t>(taken), history.end(), history.begin());
  std::ranges::copy(samples.last(taken), history.end() - static_cast<std::ptrdiff_t>(taken));
}

/// Takes note of the samples themselves; `peak` is the greatest magnitude of them.
void TruePeakMeter::take_samples(Channel& channel, std::span<const float> samples, float peak,
                                 Frames first) noexcept {
  if (peak <= channel.sample.ratio) return;
  const auto at = std::find_if(samples.begin(), samples.end(), [=](float x) { return std::abs(x) == peak; });
  channel.sample = {peak, static_cast<double>(first + (at - samples.begin()))};
}

bool TruePeakMeter::has_new_maximum(const Channel& channel, const Window& window) noexcept {
  const float floor = floor_of(channel);
  const float greatest = everywhere_ ? everywhere_->greatest(window.samples, floor, window.peak)
                                     : interpolated_peak(first_, window.samples, window.outputs);
  return greatest >= floor && greatest > channel.between.ratio;
}

void TruePeakMeter::search(Channel& channel, const Window& window) noexcept {
  const bool is_unsurveyed = channel.unsurveyed > 0 && can_look_everywhere(window);
  if (is_unsurveyed) {
    --channel.unsurveyed;
    if (!has_new_maximum(channel, window)) return;
  }
  const std::size_t searched = (window.outputs + cell_frames - 1) / cell_frames;
  const std::size_t cells = (taps_ - 1 + window.outputs + cell_frames - 1) / cell_frames;
  const std::span<float> levels = std::span(cell_levels_).first(searched);
  const std::span<float> bends = std::span(cell_bends_).first(cells);
  survey_levels(window.samples + taps_ / 2 - 1, cell_frames, levels);
  survey_bends(window.samples, cell_frames, bends);
  // The loudest place first: most of the others then can't beat it. Equal maxima are kept by time, so the
  // order of the search does not show.
  const auto loudest = static_cast<std::size_t>(std::ranges::max_element(levels) - levels.begin());

  // What each cell could have at most takes the levels' place.
  const std::size_t reach = (cell_frames + taps_ - 3 + cell_frames - 1) / cell_frames;
  const double unsure = interpolation_rounding * norm_ * static_cast<double>(window.peak);
  const double floor = static_cast<double>(floor_of(channel));
  std::size_t promising = 0;
  for (std::size_t cell = 0; cell < searched; ++cell) {
    float bent = 0.0f;
    for (std::size_t i = cell; i < std::min(cell + reach, cells); ++i) bent = std::max(bent, bends[i]);
    const double possible =
        bound_.level * static_cast<double>(levels[cell]) + bound_.bend * static_cast<double>(bent) + unsure;
    levels[cell] = static_cast<float>(possible);
    if (possible >= floor) ++promising;
  }
  if (promising == 0) return;
  if (!is_unsurveyed && worth_everywhere * promising >= searched && can_look_everywhere(window)) {
    channel.unsurveyed = unsurveyed_windows;
    if (!has_new_maximum(channel, window)) return;
  }
  const auto visit = [&](std::size_t cell) {
    // The least float from 2^-24 below counts: the possible was rounded to one.
    if ((1.0 + 0x1p-23) * static_cast<double>(levels[cell]) < static_cast<double>(floor_of(channel))) return;
    const std::size_t first = cell * cell_frames;
    search_cell(channel, window.samples + first, std::min(cell_frames, window.outputs - first),
                window.first_frame + static_cast<Frames>(first));
  };
  visit(loudest);
  for (std::size_t cell = 0; cell < searched; ++cell) {
    if (cell != loudest) visit(cell);
  }
}

/// `first`: of the first output, as Window has it.
void TruePeakMeter::search_cell(Channel& channel, const float* samples, std::size_t count,
                                Frames first) noexcept {
  const double frame = static_cast<double>(first - latency_frames());
  if (second_.factor == 1) {
    search_between(channel, first_, samples, count, frame, 1.0);
    return;
  }
  // The first stage's outputs, the samples among them, from `margin_` frames before the cell to as many
  // after.
  constexpr std::size_t factor = 2;
  constexpr std::size_t greatest_frames = cell_frames + 4;
  assert(first_.factor == factor && cell_frames + 2 * margin_ <= greatest_frames);
  std::array<float, greatest_frames> halfway;
  std::array<float, factor * greatest_frames + 2 * interpolation_slack> grid{};
  const std::size_t frames = count + 2 * margin_;
  interpolate(first_, 1, samples, std::span(halfway).first(frames));
  for (std::size_t i = 0; i < frames; ++i) {
    grid[factor * i] = samples[i + first_.taps / 2 - 1];
    grid[factor * i + 1] = halfway[i];
  }
  constexpr double step = 1.0 / static_cast<double>(factor);
  take_maximum(channel, std::span(halfway).subspan(margin_, count), frame + step, 1.0);

  const std::size_t places = frames * factor;
  const float greatest = gainstage::peak(std::span(grid).first(places));
  float bent = 0.0f;
  survey_bends(grid.data(), places - 2, {&bent, 1});
  const double possible = second_bound_.level * static_cast<double>(greatest) +
                          second_bound_.bend * static_cast<double>(bent) +
                          interpolation_rounding * norm_ * static_cast<double>(greatest);
  if (possible < static_cast<double>(floor_of(channel))) return;
  const float* const start = grid.data() + margin_ * factor - (second_.taps / 2 - 1);
  search_between(channel, second_, start, count * factor, frame, step);
}

/// The outputs of `interpolator` at `count` places that lie `step` frames apart.
void TruePeakMeter::search_between(Channel& channel, const FoldedInterpolator& interpolator, const float* x,
                                   std::size_t count, double first_frame, double step) noexcept {
  const float greatest = interpolated_peak(interpolator, x, count);
  const Maximum& known = channel.between;
  if (greatest < known.ratio || (greatest == known.ratio && first_frame > known.frame)) return;
  std::array<float, 2 * cell_frames> values;
  for (std::size_t p = 1; p < interpolator.factor; ++p) {
    const std::span<float> out = std::span(values).first(count);
    interpolate(interpolator, p, x, out);
    const double share = static_cast<double>(p) / static_cast<double>(interpolator.factor);
    take_maximum(channel, out, first_frame + step * share, step);
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
