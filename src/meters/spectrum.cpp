// SPDX-License-Identifier: MIT
#include "meters/spectrum.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "dsp/complex_fft.h"
#include "dsp/decimator.h"
#include "dsp/level.h"
#include "dsp/pair_products.h"

namespace gainstage {
namespace {

constexpr double frames_per_second = 25.0;     // Windows of 80 ms.
constexpr std::size_t frames_per_moment = 10;  // 400 ms.
constexpr double moment_seconds = 0.4;

/// Bands up to this centre, 500 Hz, are measured on the decimated signal. Its rate is five times the band's
/// upper edge of 562 Hz or more, for that is how far nothing folds.
constexpr std::size_t last_low_band = 14;
constexpr double least_low_rate_hz = 2850.0;
constexpr double low_hop_frames = 2048.0;
constexpr std::size_t low_outputs = 64;  // Decimated samples at a time.

constexpr double low_share_to_hz = 120.0;
constexpr double low_share_from_hz = 10.0;  // Under it is offset, not sound.

}  // namespace

void SpectrumMeter::Energies::prepare(std::size_t bins, std::size_t kept_bins) {
  all.assign(kept_bins, 0.0);
  side.assign(kept_bins, 0.0);
  moment.assign(bins, 0.0f);
  moment_side.assign(bins, 0.0f);
}

void SpectrumMeter::Energies::add(const ShortTimeSpectrum::Frame& frame, float share) noexcept {
  frame.add_to(share, moment, moment_side);
}

void SpectrumMeter::Energies::end_moment() noexcept {
  add_scaled(all, 1.0, std::span(moment).first(all.size()));
  add_scaled(side, 1.0, std::span(moment_side).first(side.size()));
  std::ranges::fill(moment, 0.0f);
  std::ranges::fill(moment_side, 0.0f);
}

void SpectrumMeter::Energies::clear() noexcept {
  std::ranges::fill(all, 0.0);
  std::ranges::fill(side, 0.0);
  std::ranges::fill(moment, 0.0f);
  std::ranges::fill(moment_side, 0.0f);
}

SpectrumTransforms::SpectrumTransforms(double sample_rate_hz)
    : whole(sample_rate_hz / frames_per_second), low(low_hop_frames), correlation(whole.fft.length()) {}

void SpectrumMeter::prepare(Format format, double history_seconds) {
  SpectrumTransforms& own = own_.emplace(format.sample_rate_hz);
  prepare_sharing(format, own, history_seconds);
}

void SpectrumMeter::prepare_sharing(Format format, SpectrumTransforms& transforms, double history_seconds) {
  format_ = format;
  const double rate = format.sample_rate_hz;
  spectrum_.prepare(format.channels, rate / frames_per_second);
  energies_.prepare(spectrum_.bins(), spectrum_.bins());
  bin_hz_ = rate / static_cast<double>(spectrum_.fft_length());

  factor_ = std::max<std::size_t>(1, static_cast<std::size_t>(rate / least_low_rate_hz));
  low_pass_ = decimation_taps(factor_);
  // Whole vectors of taps; zeros before them take nothing and delay nothing.
  constexpr std::size_t vector_taps = 16;
  low_pass_.insert(low_pass_.begin(), (vector_taps - low_pass_.size() % vector_taps) % vector_taps, 0.0f);
  low_in_ = AudioBuffer(format.channels, low_pass_.size() - 1 + low_outputs * factor_);
  low_out_ = AudioBuffer(format.channels, low_outputs);
  low_spectrum_.prepare(format.channels, low_hop_frames);
  low_bin_hz_ = rate / static_cast<double>(factor_) / static_cast<double>(low_spectrum_.fft_length());
  const double highest_hz = third_octave_range(last_low_band).to_hz;
  const std::size_t low_bins =
      std::min(low_spectrum_.bins(), static_cast<std::size_t>(highest_hz / low_bin_hz_) + 2);
  low_energies_.prepare(low_spectrum_.bins(), low_bins);
  low_flattening_.clear();
  for (std::size_t k = 0; k < low_bins; ++k) {
    const double of_lower_rate = static_cast<double>(k) / static_cast<double>(low_spectrum_.fft_length());
    low_flattening_.push_back(static_cast<float>(1.0 / decimation_power(factor_, of_lower_rate)));
  }

  if (detail_ == SpectrumDetail::track) {
    erb_frames_ = {};
    erb_frames_.reserve(static_cast<std::size_t>(history_seconds / moment_seconds) + 2);
    features_.prepare(format, transforms.whole.window, transforms.correlation, history_seconds);
  }
  reset();
}

void SpectrumMeter::reset() noexcept {
  position_ = 0;
  spectrum_.reset();
  energies_.clear();
  for (std::size_t c = 0; c < format_.channels; ++c) std::ranges::fill(low_in_.view().channel(c), 0.0f);
  low_in_filled_ = low_pass_.size() - 1;
  low_spectrum_.reset();
  low_energies_.clear();
  frame_in_moment_ = 0;
  erb_frames_.clear();
  if (detail_ == SpectrumDetail::track) features_.reset();
}

void SpectrumMeter::process(AudioView<const float> block, SpectrumTransforms& transforms,
                            std::span<const HopLevels> levels) noexcept {
  assert(block.channels.size() == format_.channels);
  spectrum_.process(block, transforms.whole,
                    [&](const ShortTimeSpectrum::Frame& frame) { add_frame(frame, transforms); });
  process_low(block, transforms);
  if (detail_ == SpectrumDetail::track) features_.add_samples(block, levels);
  position_ += static_cast<Frames>(block.frames);
}

void SpectrumMeter::process_low(AudioView<const float> block, SpectrumTransforms& transforms) noexcept {
  for (std::size_t done = 0; done < block.frames;) {
    const std::size_t count = std::min(block.frames - done, low_in_.frames() - low_in_filled_);
    for (std::size_t c = 0; c < format_.channels; ++c) {
      const std::span<const float> samples = block.channel(c).subspan(done, count);
      std::copy(samples.begin(), samples.end(), low_in_.view().channel(c).data() + low_in_filled_);
    }
    append_low(count, transforms);
    done += count;
  }
}

/// Takes note of `count` samples put into low_in_; decimates when it is full.
void SpectrumMeter::append_low(std::size_t count, SpectrumTransforms& transforms) noexcept {
  low_in_filled_ += count;
  if (low_in_filled_ < low_in_.frames()) return;
  const std::size_t history = low_pass_.size() - 1;
  for (std::size_t c = 0; c < format_.channels; ++c) {
    const std::span<float> in = low_in_.view().channel(c);
    const std::span<float> out = low_out_.view().channel(c);
    if (is_digital_silence(in)) {
      std::ranges::fill(out, 0.0f);
      continue;
    }
    decimate(low_pass_, factor_, in, out);
    std::copy(in.end() - static_cast<std::ptrdiff_t>(history), in.end(), in.begin());
  }
  low_in_filled_ = history;
  low_spectrum_.process(std::as_const(low_out_).view(), transforms.low,
                        [&](const ShortTimeSpectrum::Frame& frame) { add_low_frame(frame); });
}

void SpectrumMeter::finish(SpectrumTransforms& transforms) noexcept {
  spectrum_.finish(transforms.whole,
                   [&](const ShortTimeSpectrum::Frame& frame) { add_frame(frame, transforms); });
  if (detail_ == SpectrumDetail::track) {
    const double moment_frames = moment_seconds * format_.sample_rate_hz;
    const std::size_t wanted =
        static_cast<std::size_t>(std::ceil(static_cast<double>(position_) / moment_frames - 1e-9));
    if (erb_frames_.size() < wanted) {
      note_moment(transforms);
    } else if (!erb_frames_.empty()) {
      // The last frame was centred on the end: what it holds of the time after belongs to the time before.
      const ErbFrame rest = erb_frame();
      for (std::size_t b = 0; b < rest.size(); ++b) erb_frames_.back()[b] += rest[b];
    }
    features_.finish(transforms.correlation);
  }
  energies_.end_moment();
  // The last sample must leave the low-pass.
  std::size_t left = low_pass_.size() - 1 + low_outputs * factor_;
  while (left > 0) {
    const std::size_t count = std::min(left, low_in_.frames() - low_in_filled_);
    for (std::size_t c = 0; c < format_.channels; ++c) {
      std::ranges::fill(low_in_.view().channel(c).subspan(low_in_filled_, count), 0.0f);
    }
    append_low(count, transforms);
    left -= count;
  }
  low_spectrum_.finish(transforms.low, [&](const ShortTimeSpectrum::Frame& frame) { add_low_frame(frame); });
}

void SpectrumMeter::add_frame(const ShortTimeSpectrum::Frame& frame,
                              SpectrumTransforms& transforms) noexcept {
  if (frame_in_moment_ == frames_per_moment) {
    energies_.add(frame, 0.5f);
    note_moment(transforms);
    energies_.end_moment();
    energies_.add(frame, 0.5f);
    frame_in_moment_ = 0;
  } else {
    energies_.add(frame, 1.0f);
  }
  ++frame_in_moment_;
}

void SpectrumMeter::add_low_frame(const ShortTimeSpectrum::Frame& frame) noexcept {
  low_energies_.add(frame, 1.0f);
  for (std::vector<float>* const energies : {&low_energies_.moment, &low_energies_.moment_side}) {
    const std::span<float> kept = std::span(*energies).first(low_flattening_.size());
    apply_window(low_flattening_, kept, kept);
  }
  low_energies_.end_moment();
}

void SpectrumMeter::note_moment(SpectrumTransforms& transforms) noexcept {
  if (detail_ != SpectrumDetail::track) return;
  erb_frames_.push_back(erb_frame());
  features_.add_moment(energies_.moment, transforms.correlation);
}

ErbFrame SpectrumMeter::erb_frame() const noexcept {
  ErbFrame frame;
  const double frames = moment_seconds * format_.sample_rate_hz;
  for (std::size_t b = 0; b < frame.size(); ++b) {
    frame[b] = static_cast<float>(sum_over(erb_range(b), std::span<const float>(energies_.moment), bin_hz_) /
                                  frames);
  }
  return frame;
}

double SpectrumMeter::energy(FrequencyRange range, std::vector<double> Energies::*part,
                             bool is_low) const noexcept {
  if (!is_low) return sum_over(range, std::span<const double>(energies_.*part), bin_hz_);
  return static_cast<double>(factor_) *
         sum_over(range, std::span<const double>(low_energies_.*part), low_bin_hz_);
}

ThirdOctaves SpectrumMeter::third_octaves() const noexcept {
  ThirdOctaves powers{};
  if (position_ == 0) return powers;
  for (std::size_t b = 0; b < powers.size(); ++b) {
    powers[b] =
        energy(third_octave_range(b), &Energies::all, b <= last_low_band) / static_cast<double>(position_);
  }
  return powers;
}

ThirdOctaves SpectrumMeter::widths() const noexcept {
  ThirdOctaves shares{};
  if (format_.channels != 2) return shares;
  for (std::size_t b = 0; b < shares.size(); ++b) {
    const FrequencyRange range = third_octave_range(b);
    const double all = energy(range, &Energies::all, b <= last_low_band);
    if (all > 0.0) shares[b] = std::clamp(energy(range, &Energies::side, b <= last_low_band) / all, 0.0, 1.0);
  }
  return shares;
}

AudioFeatureCollector::Features SpectrumMeter::features() const {
  AudioFeatureCollector::Features features = features_.features();
  const double nyquist_hz = 0.5 * format_.sample_rate_hz + bin_hz_;
  const double offset = energy({0.0, low_share_from_hz}, &Energies::all, true);
  const double low = energy({low_share_from_hz, low_share_to_hz}, &Energies::all, true);
  const double all = energy({0.0, nyquist_hz}, &Energies::all, false) - offset;
  if (all > 0.0) features.low_energy_share = std::clamp(low / all, 0.0, 1.0);
  return features;
}

}  // namespace gainstage
