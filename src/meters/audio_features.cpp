// SPDX-License-Identifier: MIT
#include "meters/audio_features.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <optional>

namespace gainstage {
namespace {

constexpr std::size_t hops_per_moment = 40;  // of 10 ms
constexpr double moment_seconds = 0.4;

// An onset: the energy of 10 ms is 6 dB over the mean of the 60 ms before and at most 20 dB under a peak that
// falls by about 9 dB a second; the next one comes 60 ms later at the earliest.
constexpr double onset_rise = 4.0;
constexpr double onset_depth = 0.01;
constexpr double peak_fall = 0.98;

constexpr double lowest_bin_hz = 25.0;  // Under it lies what an offset leaks.
constexpr double flatness_from_hz = 40.0;
constexpr double flatness_to_hz = 16000.0;
constexpr double lowest_pitch_hz = 30.0;

}  // namespace

void AudioFeatureCollector::prepare(Format format, std::span<const float> window, ComplexFft& fft,
                                    double history_seconds) {
  const std::size_t fft_length = fft.length();
  sample_rate_hz_ = format.sample_rate_hz;
  bin_hz_ = format.sample_rate_hz / static_cast<double>(fft_length);
  moments_ = {};
  moments_.reserve(static_cast<std::size_t>(history_seconds / moment_seconds) + 2);
  onsets_ = {};
  onsets_.reserve(moments_.capacity());
  hops_ = HopClock(format.sample_rate_hz, 100.0);
  squares_.assign(format.channels, {});

  for (AlignedVector<float>& mirrored : mirrored_) mirrored.assign(fft_length, 0.0f);
  // The window's own autocorrelation, taken the same way as the signal's.
  std::ranges::copy(window, mirrored_[0].begin());
  fft.transform({}, mirrored_[0], mirrored_[1]);
  for (std::size_t k = 0; k < fft_length; ++k) {
    mirrored_[0][k] = fft.re()[k] * fft.re()[k] + fft.im()[k] * fft.im()[k];
  }
  fft.transform({}, mirrored_[0], mirrored_[1]);
  over_window_.clear();
  for (std::size_t lag = 0; lag <= fft_length / 2; ++lag) {
    over_window_.push_back(fft.re()[0] / fft.re()[lag]);
  }
  reset();
}

void AudioFeatureCollector::reset() noexcept {
  moments_.clear();
  waiting_count_ = 0;
  hops_.reset();
  std::fill(squares_.begin(), squares_.end(), LaneSum{});
  recent_.fill(0.0);
  next_recent_ = 0;
  falling_peak_ = 0.0;
  hops_since_onset_ = recent_.size();
  hops_in_moment_ = 0;
  onsets_in_moment_ = 0;
  onsets_.clear();
}

void AudioFeatureCollector::add_samples(AudioView<const float> block,
                                        std::span<const HopLevels> levels) noexcept {
  const std::size_t channels = squares_.size();
  assert(block.channels.size() == channels && (levels.empty() || hops_.is_at_begin()));
  // Of the present hop, where it is known and fits into single precision.
  const auto known_energy = [&]() -> std::optional<double> {
    if (levels.empty()) return std::nullopt;
    double energy = 0.0;
    for (const HopLevels& of_channel : levels.first(channels))
      energy += static_cast<double>(of_channel.squares);
    return std::isfinite(energy) ? std::optional(energy) : std::nullopt;
  };
  hops_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        if (known_energy()) return;
        for (std::size_t c = 0; c < channels; ++c) {
          add_squares(squares_[c], block.channel(c).subspan(first, count));
        }
      },
      [&] {
        double energy = known_energy().value_or(0.0);
        for (LaneSum& sum : squares_) energy += sum.take();
        if (!levels.empty()) levels = levels.subspan(channels);
        end_hop(energy);
      });
}

void AudioFeatureCollector::end_hop(double energy) noexcept {
  const double before =
      std::accumulate(recent_.begin(), recent_.end(), 0.0) / static_cast<double>(recent_.size());
  falling_peak_ = std::max(energy, falling_peak_ * peak_fall);
  if (falling_peak_ < 1e-60) falling_peak_ = 0.0;
  ++hops_since_onset_;
  const bool is_onset = energy > 0.0 && energy > onset_rise * before &&
                        energy > onset_depth * falling_peak_ && hops_since_onset_ > recent_.size();
  if (is_onset) {
    ++onsets_in_moment_;
    hops_since_onset_ = 0;
  }
  recent_[next_recent_] = energy;
  next_recent_ = (next_recent_ + 1) % recent_.size();
  if (++hops_in_moment_ == hops_per_moment) end_onsets();
}

void AudioFeatureCollector::finish(ComplexFft& fft) noexcept {
  end_onsets();
  correlate_waiting(fft);
}

void AudioFeatureCollector::end_onsets() noexcept {
  if (hops_in_moment_ == 0) return;
  onsets_.push_back(onsets_in_moment_);
  onsets_in_moment_ = 0;
  hops_in_moment_ = 0;
}

void AudioFeatureCollector::add_moment(std::span<const float> bins, ComplexFft& fft) noexcept {
  const std::size_t first = static_cast<std::size_t>(std::ceil(lowest_bin_hz / bin_hz_));
  double energy = 0.0;
  double moment_of_frequency = 0.0;
  for (std::size_t k = first; k < bins.size(); ++k) {
    energy += static_cast<double>(bins[k]);
    moment_of_frequency += static_cast<double>(bins[k]) * static_cast<double>(k);
  }
  Moment moment;
  moment.energy = static_cast<float>(energy);
  if (moment.energy > 0.0f) {
    double below = 0.0;
    std::size_t k = first;
    while (k + 1 < bins.size() && below + static_cast<double>(bins[k]) < 0.5 * energy) {
      below += static_cast<double>(bins[k++]);
    }
    const double share = bins[k] > 0.0f ? (0.5 * energy - below) / static_cast<double>(bins[k]) : 0.5;
    moment.median_frequency_hz = static_cast<float>(bin_hz_ * (static_cast<double>(k) - 0.5 + share));
    moment.centroid_hz = static_cast<float>(bin_hz_ * moment_of_frequency / energy);
    moment.flatness = static_cast<float>(flatness(bins, energy));
    AlignedVector<float>& mirrored = mirrored_[waiting_count_];
    std::ranges::copy(bins, mirrored.begin());
    std::reverse_copy(bins.begin() + 1, bins.end(),
                      mirrored.end() - static_cast<std::ptrdiff_t>(bins.size() - 1));
    waiting_[waiting_count_++] = moments_.size();
  }
  moments_.push_back(moment);
  if (waiting_count_ == waiting_.size()) correlate_waiting(fft);
}

double AudioFeatureCollector::flatness(std::span<const float> bins, double energy) const noexcept {
  const std::size_t first = static_cast<std::size_t>(std::ceil(flatness_from_hz / bin_hz_));
  const std::size_t last = std::min(bins.size() * 9 / 10, static_cast<std::size_t>(flatness_to_hz / bin_hz_));
  if (first >= last) return 0.0;
  // A floor 120 dB under the mean keeps empty bins from deciding alone.
  const double floor = 1e-12 * energy / static_cast<double>(bins.size());
  // Over the mean a bin is at least 1e-12 and at most their number: a product of sixteen stays in range, and
  // needs one logarithm.
  constexpr std::size_t together = 16;
  const double over_mean = static_cast<double>(bins.size()) / energy;
  double logarithms = 0.0;
  double sum = 0.0;
  for (std::size_t begin = first; begin < last; begin += together) {
    double product = 1.0;
    const std::size_t end = std::min(last, begin + together);
    for (std::size_t k = begin; k < end; ++k) {
      const double value = over_mean * (static_cast<double>(bins[k]) + floor);
      product *= value;
      sum += value;
    }
    logarithms += std::log(product);
  }
  const double count = static_cast<double>(last - first);
  return std::exp(logarithms / count) / (sum / count);
}

/// Of what waits, one moment or two: the second of a single one is what was left there, and not looked at.
void AudioFeatureCollector::correlate_waiting(ComplexFft& fft) noexcept {
  if (waiting_count_ == 0) return;
  // But for the scale, the forward transform of such a spectrum is its inverse one.
  fft.transform({}, mirrored_[0], mirrored_[1]);
  const std::array<std::span<const float>, 2> correlations{fft.re(), fft.im()};
  for (std::size_t i = 0; i < waiting_count_; ++i) {
    moments_[waiting_[i]].harmonicity = static_cast<float>(harmonicity(correlations[i]));
  }
  waiting_count_ = 0;
}

/// `correlation`: by lag in frames.
double AudioFeatureCollector::harmonicity(std::span<const float> correlation) const noexcept {
  const float zero_lag = correlation[0];
  if (zero_lag <= 0.0f) return 0.0;
  const std::size_t longest =
      std::min(over_window_.size() - 1, static_cast<std::size_t>(sample_rate_hz_ / lowest_pitch_hz));
  // The lobe around lag 0 says only that the signal is slow: the search starts where it ends.
  std::size_t lag = 1;
  while (lag < longest && correlation[lag] > 0.0f) ++lag;
  float greatest = 0.0f;
  for (; lag <= longest; ++lag) greatest = std::max(greatest, correlation[lag] * over_window_[lag]);
  return std::min(static_cast<double>(greatest / zero_lag), 1.0);
}

AudioFeatureCollector::Features AudioFeatureCollector::features() const {
  std::vector<float> energies;
  for (const Moment& moment : moments_) {
    if (moment.energy > 0.0f) energies.push_back(moment.energy);
  }
  if (energies.empty()) return {};
  std::sort(energies.begin(), energies.end(), std::greater<>());
  const std::size_t tenth = std::max<std::size_t>(1, energies.size() / 10);
  const double loud =
      std::accumulate(energies.begin(), energies.begin() + static_cast<std::ptrdiff_t>(tenth), 0.0) /
      static_cast<double>(tenth);
  const double gate = loud * std::pow(10.0, -2.6);

  Features features;
  std::vector<float> medians;
  double onsets = 0.0;
  for (std::size_t i = 0; i < moments_.size(); ++i) {
    const Moment& moment = moments_[i];
    if (static_cast<double>(moment.energy) < gate) continue;
    medians.push_back(moment.median_frequency_hz);
    features.centroid_hz += static_cast<double>(moment.centroid_hz);
    features.flatness += static_cast<double>(moment.flatness);
    features.harmonicity += static_cast<double>(moment.harmonicity);
    if (i < onsets_.size()) onsets += onsets_[i];
  }
  const double count = static_cast<double>(medians.size());
  features.centroid_hz /= count;
  features.flatness /= count;
  features.harmonicity /= count;
  features.onsets_per_second = onsets / (count * moment_seconds);
  const auto middle = medians.begin() + static_cast<std::ptrdiff_t>(medians.size() / 2);
  std::nth_element(medians.begin(), middle, medians.end());
  features.median_frequency_hz = static_cast<double>(*middle);
  return features;
}

}  // namespace gainstage
