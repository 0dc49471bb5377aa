// SPDX-License-Identifier: MIT
#include "staging/audibility.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace gainstage {
namespace {

constexpr std::size_t most_frames = 1500;
constexpr double first_cam = 1.8;
constexpr double audible_over_masker = 0.35481338923357547;  // -4.5 dB

double band_frequency_hz(std::size_t band) {
  const double cam = first_cam + static_cast<double>(band);
  return (std::pow(10.0, cam / 21.366) - 1.0) / 0.004368;  // Glasberg & Moore 1990
}

double bark(double frequency_hz) {
  return 26.81 * frequency_hz / (1960.0 + frequency_hz) - 0.53;
}  // Traunmueller 1990

using Spreading = std::array<std::array<float, erb_band_count>, erb_band_count>;

/// [from][to]: power that a unit in one band puts into another: 15.81 + 7.5 (z + 0.474) - 17.5 sqrt(1 + (z +
/// 0.474)^2) dB at a distance of z Bark upwards (Schroeder, Atal & Hall 1979).
Spreading spreading() {
  Spreading matrix{};
  for (std::size_t to = 0; to < erb_band_count; ++to) {
    for (std::size_t from = 0; from < erb_band_count; ++from) {
      const double z = bark(band_frequency_hz(to)) - bark(band_frequency_hz(from)) + 0.474;
      matrix[from][to] =
          static_cast<float>(std::pow(10.0, (15.81 + 7.5 * z - 17.5 * std::sqrt(1.0 + z * z)) / 10.0));
    }
  }
  for (std::size_t from = 0; from < erb_band_count; ++from) {
    float sum = 0.0f;
    for (std::size_t to = 0; to < erb_band_count; ++to) sum += matrix[from][to];
    for (std::size_t to = 0; to < erb_band_count; ++to) matrix[from][to] /= sum;
  }
  return matrix;
}

ErbFrame spread(const ErbFrame& energy, const Spreading& matrix) {
  ErbFrame result{};
  for (std::size_t from = 0; from < erb_band_count; ++from) {
    for (std::size_t to = 0; to < erb_band_count; ++to) result[to] += matrix[from][to] * energy[from];
  }
  return result;
}

/// A band's weight grows with loudness, not with energy.
double weight_of(double energy) { return std::sqrt(std::sqrt(energy)); }

}  // namespace

Audibility::Audibility(const std::vector<TrackMeasurements>& tracks, const std::vector<bool>& is_silent,
                       const std::vector<Db>& gains)
    : energy_(tracks.size()), spread_(tracks.size()) {
  std::size_t longest = 0;
  for (const TrackMeasurements& track : tracks) longest = std::max(longest, track.erb_frames.size());
  const std::size_t step = std::max<std::size_t>(1, (longest + most_frames - 1) / most_frames);
  const std::size_t frames = (longest + step - 1) / step;
  total_spread_.assign(frames, {});
  const Spreading matrix = spreading();
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (is_silent[i]) continue;
    energy_[i].assign(frames, {});
    spread_[i].assign(frames, {});
    const auto gain = static_cast<float>(to_power_ratio(gains[i]));
    for (std::size_t frame = 0; frame * step < tracks[i].erb_frames.size(); ++frame) {
      for (std::size_t band = 0; band < erb_band_count; ++band) {
        energy_[i][frame][band] = gain * tracks[i].erb_frames[frame * step][band];
      }
      spread_[i][frame] = spread(energy_[i][frame], matrix);
      for (std::size_t band = 0; band < erb_band_count; ++band) {
        total_spread_[frame][band] += static_cast<double>(spread_[i][frame][band]);
      }
    }
  }
}

double Audibility::share(std::size_t track, Db raise) const {
  const double raised = to_power_ratio(raise);
  double heard = 0.0;
  double all = 0.0;
  for (std::size_t frame = 0; frame < energy_[track].size(); ++frame) {
    for (std::size_t band = 0; band < erb_band_count; ++band) {
      const auto energy = static_cast<double>(energy_[track][frame][band]);
      if (energy <= 0.0) continue;
      const double others = total_spread_[frame][band] - static_cast<double>(spread_[track][frame][band]);
      all += weight_of(energy);
      if (raised * energy > audible_over_masker * others) heard += weight_of(energy);
    }
  }
  return all > 0.0 ? heard / all : 0.0;
}

std::vector<double> Audibility::covered_by(std::size_t track, Db raise) const {
  // How strong a masker covers the track in a band of a frame, and what that weighs; nothing where it is
  // silent.
  struct Cover {
    std::size_t frame = 0;
    std::array<float, erb_band_count> from{};
    std::array<float, erb_band_count> weight{};
  };
  const double raised = to_power_ratio(raise);
  std::vector<Cover> covers;
  for (std::size_t frame = 0; frame < energy_[track].size(); ++frame) {
    Cover cover;
    cover.frame = frame;
    bool is_silent = true;
    for (std::size_t band = 0; band < erb_band_count; ++band) {
      const auto energy = static_cast<double>(energy_[track][frame][band]);
      if (energy <= 0.0) continue;
      is_silent = false;
      cover.from[band] = static_cast<float>(raised * energy / audible_over_masker);
      cover.weight[band] = static_cast<float>(weight_of(energy));
    }
    if (!is_silent) covers.push_back(cover);
  }
  std::vector<double> covered(energy_.size(), 0.0);
  for (std::size_t other = 0; other < energy_.size(); ++other) {
    if (other == track || energy_[other].empty()) continue;
    std::array<float, erb_band_count> by_band{};
    for (const Cover& cover : covers) {
      const ErbFrame& masker = spread_[other][cover.frame];
      for (std::size_t band = 0; band < erb_band_count; ++band) {
        by_band[band] += masker[band] >= cover.from[band] ? cover.weight[band] : 0.0f;
      }
    }
    covered[other] = std::accumulate(by_band.begin(), by_band.end(), 0.0);
  }
  return covered;
}

}  // namespace gainstage
