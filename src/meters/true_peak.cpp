// SPDX-License-Identifier: MIT
#include "meters/true_peak.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "dsp/level.h"

namespace gainstage {
namespace {

constexpr std::size_t chunk_frames = PeakSieve::most_places;
/// Where few places are loud, stretches so short around them are all that is looked at.
constexpr std::size_t short_places = 4;
/// Each of which takes as long as so many places of a long one.
constexpr std::size_t short_costs = 12;
/// What promises much goes on to do so: for this many windows loud places are not looked for again.
constexpr unsigned unsurveyed_windows = 15;
/// And where a sieve keeps little back, which a higher maximum changes, for so many none is used.
constexpr unsigned unsieved_windows = 3;
/// A sieve takes parts of at least so many places: the samples around each come on top.
constexpr std::size_t least_sieved = 40 * PeakSieve::side_by_side;
/// Places that are looked at together for where a maximum is.
constexpr std::size_t cell_frames = 60;
/// Samples behind those that outputs depend on which a search may read.
constexpr std::size_t beyond = 2 * interpolation_slack;
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
  // First twice, with more taps where 20 kHz is near half the rate: what is clipped has much above, and it
  // counts. Then what is left to sixteen times 48 kHz: the signal now lies in the lower half of the band. Of
  // a tone of up to 20 kHz, both together are off by less than 0.065 dB at 44.1 kHz, by 0.04 dB elsewhere.
  const Interpolator first = sample_rate_hz <= 50000.0 ? least_squares_interpolator(2, 24, 0.475)
                                                       : least_squares_interpolator(2, 12, 0.44);
  const auto further = [](std::size_t factor) { return least_squares_interpolator(factor, 4, 0.23); };
  if (sample_rate_hz <= 50000.0) return {first, further(8)};
  if (sample_rate_hz <= 100000.0) return {first, further(4)};
  if (sample_rate_hz <= 200000.0) return {first, further(2)};
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
  stretches_.reset();
  sieve_.reset();
  if (both.first.factor > 1) stretches_.emplace(both.first, both.second);
  if (both.second.factor > 1) sieve_.emplace(both.first, both.second);
  channels_.resize(format.channels);
  histories_.resize(format.channels * (taps_ - 1));
  loud_.resize(chunk_frames / short_costs + 1);
  scratch_.assign(taps_ - 1 + chunk_frames + beyond, 0.0f);
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
    look_at(c, samples, first, count, {window_peak, unknown_bend});
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
  Reach promising_reach;
  const auto search_promising = [&] {
    for (std::size_t done = 0; done < promising; done += chunk_frames) {
      look_at(c, samples, promising_from + done, std::min(chunk_frames, promising - done), promising_reach);
    }
    promising = 0;
    promising_reach = {};
  };
  for (std::size_t first = 0; first < samples.size(); first += hop_frames, levels += stride) {
    const float peak = levels->peak;
    take_samples(channel, samples.subspan(first, hop_frames), peak, position_ + static_cast<Frames>(first));
    const float window_peak = std::max(channel.history_peak, peak);
    const bool is_bend_known = channel.history_bend != unknown_bend;
    const float window_bend = std::max(channel.history_bend, levels->bend);
    channel.history_peak = peak;
    channel.history_bend = levels->bend;
    if (promises(channel, {window_peak, is_bend_known ? window_bend : unknown_bend})) {
      if (promising == 0) promising_from = first;
      promising += hop_frames;
      promising_reach.peak = std::max(promising_reach.peak, window_peak);
      promising_reach.bend = is_bend_known && promising_reach.bend != unknown_bend
                                 ? std::max(promising_reach.bend, window_bend)
                                 : unknown_bend;
    } else if (promising > 0) {
      search_promising();
    }
  }
  search_promising();
  keep_history(c, samples);
}

bool TruePeakMeter::promises(const Channel& channel, const Reach& reach) const noexcept {
  const double greatest = static_cast<double>(reach.peak);
  const double floor = static_cast<double>(floor_of(channel));
  const double possible = (bound_.level + interpolation_rounding * norm_) * greatest +
                          bound_.bend * static_cast<double>(reach.bend);
  return norm_ * greatest >= floor && (possible >= floor || reach.bend == unknown_bend);
}

bool TruePeakMeter::may_look_at(std::size_t channel, const HopLevels& before, const HopLevels& hop,
                                std::size_t hop_frames) const noexcept {
  const Channel& known = channels_[channel];
  return hop_frames < taps_ || hop.peak > known.sample.ratio ||
         promises(known, {std::max(before.peak, hop.peak), std::max(before.bend, hop.bend)});
}

/// Searches the outputs whose last samples are these. Samples are looked at where they lie, but for outputs
/// that depend on the history, and for those at the end of the block, beyond which nothing may be read.
void TruePeakMeter::look_at(std::size_t c, std::span<const float> samples, std::size_t first,
                            std::size_t count, Reach reach) noexcept {
  Channel& channel = channels_[c];
  if (!stretches_ || reach.peak == 0.0f ||
      norm_ * static_cast<double>(reach.peak) < static_cast<double>(floor_of(channel))) {
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
                   position_ + static_cast<Frames>(first), reach});
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

/// The least value in the window that changes a reading: one that equals a maximum before it does not.
float TruePeakMeter::wanted(const Channel& channel, const Window& window) const noexcept {
  const double before = static_cast<double>(window.first_frame - latency_frames());
  const auto of = [=](const Maximum& known) {
    return known.frame > before ? known.ratio
                                : std::nextafter(known.ratio, std::numeric_limits<float>::infinity());
  };
  return std::max(of(channel.between), of(channel.sample));
}

/// What the samples around a place must reach for the place to be able to have what is wanted.
float TruePeakMeter::loud_level(const Window& window, float wanted) const noexcept {
  float bend = window.reach.bend;
  if (bend == unknown_bend) survey_bends(window.samples, taps_ + window.outputs - 3, {&bend, 1});
  const double unsure = interpolation_rounding * norm_ * static_cast<double>(window.reach.peak);
  const double level =
      (static_cast<double>(wanted) - bound_.bend * static_cast<double>(bend) - unsure) / bound_.level;
  return static_cast<float>((1.0 - 0x1p-20) * level);
}

void TruePeakMeter::search(Channel& channel, const Window& window) noexcept {
  const bool is_long = window.outputs >= short_places * StretchPeak::side_by_side;
  if (is_long && channel.unsurveyed > 0) {
    --channel.unsurveyed;
    return search_sieved(channel, window);
  }
  const std::size_t places = std::min(short_places, window.outputs);
  const std::span<std::uint32_t> loud =
      std::span(loud_).first((window.outputs + short_costs - 1) / short_costs);
  const std::size_t found = loud_stretches(window.samples + taps_ / 2 - 1, window.outputs,
                                           loud_level(window, wanted(channel, window)), places, loud);
  if (found <= loud.size()) return search_stretches(channel, window, loud.first(found), places);
  if (is_long) channel.unsurveyed = unsurveyed_windows;
  search_sieved(channel, window);
}

void TruePeakMeter::search_sieved(Channel& channel, const Window& window) noexcept {
  if (!sieve_ || window.outputs < least_sieved) return search_everywhere(channel, window);
  if (channel.unsieved > 0) {
    --channel.unsieved;
    return search_everywhere(channel, window);
  }
  const auto sieved = [&](SieveTaps taps, std::size_t costs) {
    const std::span<std::uint32_t> left = std::span(loud_).first(window.outputs / costs);
    const std::size_t found = sieve_->stretches(taps, window.samples, window.outputs, wanted(channel, window),
                                                window.reach.peak, short_places, left);
    if (found > left.size()) return false;
    search_stretches(channel, window, left.first(found), short_places);
    return true;
  };
  if (channel.finely > 0) {
    --channel.finely;
  } else {
    if (sieved(SieveTaps::nearest, 4 * short_costs)) return;
    channel.finely = unsurveyed_windows;
  }
  if (sieved(SieveTaps::all, 2 * short_costs)) return;
  channel.unsieved = unsieved_windows;
  search_everywhere(channel, window);
}

void TruePeakMeter::search_everywhere(Channel& channel, const Window& window) noexcept {
  constexpr std::size_t most = StretchPeak::side_by_side * StretchPeak::most_places;
  for (std::size_t done = 0; done < window.outputs; done += most) {
    const std::size_t outputs = std::min(most, window.outputs - done);
    const std::size_t places = (outputs + StretchPeak::side_by_side - 1) / StretchPeak::side_by_side;
    std::array<std::uint32_t, StretchPeak::side_by_side> starts;
    for (std::size_t i = 0; i < starts.size(); ++i) {
      starts[i] = static_cast<std::uint32_t>(done + std::min(i * places, outputs - places));
    }
    search_stretches(channel, window, starts, places);
  }
}

void TruePeakMeter::search_stretches(Channel& channel, const Window& window,
                                     std::span<const std::uint32_t> starts, std::size_t places) noexcept {
  for (std::size_t done = 0; done < starts.size(); done += StretchPeak::side_by_side) {
    const auto some = starts.subspan(done, std::min(StretchPeak::side_by_side, starts.size() - done));
    std::array<const float*, StretchPeak::side_by_side> samples;
    for (std::size_t i = 0; i < some.size(); ++i) samples[i] = window.samples + some[i];
    const float least = wanted(channel, window);
    const StretchPeak::Greatest found =
        stretches_->greatest(std::span(samples).first(some.size()), places, least, window.reach.peak);
    if (found.ratio < least) continue;
    for (std::size_t n = 0; n < places; n += cell_frames) {
      const std::size_t first = some[found.stretch] + n;
      search_cell(channel, window.samples + first, std::min(cell_frames, places - n),
                  window.first_frame + static_cast<Frames>(first));
    }
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
