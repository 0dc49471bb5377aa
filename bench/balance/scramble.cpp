// SPDX-License-Identifier: MIT
#include "balance/scramble.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/loudness_gate.h"
#include "staging/staging.h"

namespace gainstage::bench {

namespace {

void scale(Measure& measure, Db gain) {
  measure.integrated = measure.integrated + gain;
  measure.momentary_max = measure.momentary_max + gain;
  measure.short_term_max = measure.short_term_max + gain;
  for (Db* level : {&measure.true_peak, &measure.sample_peak, &measure.rms, &measure.vu_max, &measure.vu_mean,
                    &measure.k_system, &measure.dc_offset}) {
    *level += gain;
  }
  if (measure.noise_floor) *measure.noise_floor += gain;
}

void scale(TrackMeasurements& track, Db gain) {
  const double power = to_power_ratio(gain);
  const double ratio = to_ratio(gain);
  scale(track.clip, gain);
  for (double& energy : track.hop_energies) energy *= power;
  for (float& needle : track.hop_vu) needle = static_cast<float>(ratio * needle);
  for (float& peak : track.hop_peaks) peak = static_cast<float>(ratio * peak);
  for (ErbFrame& frame : track.erb_frames) {
    for (float& energy : frame) energy = static_cast<float>(power * energy);
  }
  for (double& energy : track.features.spectrum) energy *= power;
}

}  // namespace

Measurements scaled(const Measurements& measurements, std::span<const Db> gains) {
  assert(gains.size() == measurements.tracks.size());
  Measurements result = measurements;
  const std::size_t n = result.tracks.size();
  for (std::size_t i = 0; i < n; ++i) {
    scale(result.tracks[i], gains[i]);
    for (std::size_t j = 0; j < n; ++j) result.covariance[i * n + j] *= to_ratio(gains[i] + gains[j]);
  }
  return result;
}

std::vector<Db> random_gains(std::size_t count, std::uint64_t seed) {
  // SplitMix64 (Steele, Lea and Flood, 2014).
  std::uint64_t state = seed * 0x2545F4914F6CDD1Du;
  std::vector<Db> gains;
  for (std::size_t i = 0; i < count; ++i) {
    state += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    gains.push_back({-12.0 + 24.0 * static_cast<double>(z >> 11) * 0x1.0p-53});
  }
  return gains;
}

std::string_view to_string(Method method) {
  switch (method) {
    case Method::staging:
      return "staging";
    case Method::nothing:
      return "nothing";
    case Method::equal_loudness:
      return "equal_loudness";
    case Method::equal_rms:
      return "equal_rms";
  }
  return "";
}

Balance plan(const Song& song, const Measurements& scrambled, const StagingOptions& options) {
  return anchor(balance(song.session, scrambled, options), MixMeasurements{}, options);
}

std::vector<Db> gains_of(Method method, const Measurements& scrambled, const Balance& staged) {
  std::vector<Db> gains;
  for (std::size_t i = 0; i < scrambled.tracks.size(); ++i) {
    const TrackMeasurements& track = scrambled.tracks[i];
    switch (method) {
      case Method::staging:
        gains.push_back(staged.tracks[i].gain());
        break;
      case Method::nothing:
        gains.push_back(Db{});
        break;
      case Method::equal_loudness:
        gains.push_back(Lufs{-23.0} - integrated_loudness(track.hop_energies));
        break;
      case Method::equal_rms:
        // The whole signal's power, over the share of the time in which there is any.
        gains.push_back(Db{-23.0} - (track.clip.rms - power_to_db(track.clip.activity_percent / 100.0)));
        break;
    }
  }
  return gains;
}

std::vector<double> errors(std::span<const Db> scramble, std::span<const Db> gains, const Balance& staged) {
  std::vector<double> result(gains.size(), std::numeric_limits<double>::quiet_NaN());
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    if (staged.tracks[i].is_silent) continue;
    result[i] = (scramble[i] + gains[i]).value;
    sum += result[i];
    count += 1.0;
  }
  for (double& error : result) error -= sum / count;
  return result;
}

Score score(std::span<const double> errors) {
  std::vector<double> absolute;
  double square = 0.0;
  double sum = 0.0;
  for (const double error : errors) {
    if (std::isnan(error)) continue;
    absolute.push_back(std::abs(error));
    sum += std::abs(error);
    square += error * error;
  }
  if (absolute.empty()) return {};
  std::sort(absolute.begin(), absolute.end());
  const double count = static_cast<double>(absolute.size());
  const auto at_90 = static_cast<std::size_t>(std::lround(0.9 * (count - 1.0)));
  return {sum / count, std::sqrt(square / count), absolute[at_90]};
}

}  // namespace gainstage::bench
