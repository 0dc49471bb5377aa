// SPDX-License-Identifier: MIT
#include "staging/activity.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/loudness_gate.h"

namespace gainstage {
namespace {

constexpr double consider_within = 1e-4;            // -40 dB
constexpr double open_at = 1e-2;                    // -20 dB
constexpr double close_at = 2.5118864315095801e-3;  // -26 dB
constexpr double relative_gate = 0.1;               // -10 LU, BS.1770-5
constexpr double silence_lufs = -80.0;

std::vector<double> block_energies(std::span<const double> hops) {
  std::vector<double> blocks;
  for (std::size_t first = 0; first + momentary_hops <= hops.size(); ++first) {
    const auto block = hops.subspan(first, momentary_hops);
    blocks.push_back(std::accumulate(block.begin(), block.end(), 0.0) / static_cast<double>(momentary_hops));
  }
  return blocks;
}

/// Mean of the loudest 10 % (at least one) of the values within 40 dB of the loudest.
double loudest_tenth(std::span<const double> energies) {
  const double loudest = *std::max_element(energies.begin(), energies.end());
  std::vector<double> near;
  std::copy_if(energies.begin(), energies.end(), std::back_inserter(near),
               [=](double e) { return e >= consider_within * loudest; });
  std::sort(near.begin(), near.end(), std::greater<>());
  const std::size_t count = std::max<std::size_t>(1, near.size() / 10);
  return std::accumulate(near.begin(), near.begin() + static_cast<std::ptrdiff_t>(count), 0.0) /
         static_cast<double>(count);
}

double greatest_window(std::span<const double> hops, std::size_t length) {
  double greatest = 0.0;
  for (std::size_t first = 0; first + length <= hops.size(); ++first) {
    const auto window = hops.subspan(first, length);
    greatest =
        std::max(greatest, std::accumulate(window.begin(), window.end(), 0.0) / static_cast<double>(length));
  }
  return greatest;
}

/// BS.1770's relative gate over the blocks that sound; the sounding gate stands in for the absolute one.
Lufs gated_loudness(std::span<const double> hops) {
  const std::vector<double> blocks = block_energies(hops);
  const std::vector<bool> sounds = sounding_blocks(hops);
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (sounds[i]) sum += blocks[i], count += 1.0;
  }
  const double gate = relative_gate * sum / count;
  double gated_sum = 0.0;
  double gated_count = 0.0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (sounds[i] && blocks[i] > gate) gated_sum += blocks[i], gated_count += 1.0;
  }
  return to_lufs(gated_sum / gated_count);
}

Lufs mean_of_sounding_hops(std::span<const double> hops) {
  const std::vector<bool> sounds = sounding_hops(hops);
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < hops.size(); ++i) {
    if (sounds[i]) sum += hops[i], count += 1.0;
  }
  return to_lufs(sum / count);
}

}  // namespace

std::vector<bool> sounding_blocks(std::span<const double> hop_energies) {
  const std::vector<double> blocks = block_energies(hop_energies);
  std::vector<bool> sounds(blocks.size(), false);
  if (blocks.empty() || *std::max_element(blocks.begin(), blocks.end()) <= 0.0) return sounds;
  const double reference = loudest_tenth(blocks);
  bool is_open = false;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    is_open = blocks[i] >= reference * (is_open ? close_at : open_at);
    sounds[i] = is_open;
  }
  return sounds;
}

std::vector<bool> sounding_hops(std::span<const double> hop_energies) {
  std::vector<bool> sounds(hop_energies.size(), false);
  if (hop_energies.empty()) return sounds;
  if (hop_energies.size() < momentary_hops) {
    const double loudest = *std::max_element(hop_energies.begin(), hop_energies.end());
    for (std::size_t i = 0; i < sounds.size(); ++i) {
      sounds[i] = loudest > 0.0 && hop_energies[i] >= open_at * loudest;
    }
    return sounds;
  }
  const std::vector<bool> blocks = sounding_blocks(hop_energies);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i]) std::fill_n(sounds.begin() + static_cast<std::ptrdiff_t>(i), momentary_hops, true);
  }
  return sounds;
}

SoundingLoudness loudness_while_sounding(const TrackMeasurements& track) {
  const std::span<const double> hops = track.hop_energies;
  if (hops.empty() || greatest_window(hops, 1) <= 0.0) {
    return {{track.clip.rms.value}, SoundingDetector::rms, track.clip.duration_s};
  }
  const std::vector<bool> sounds = sounding_hops(hops);
  const double seconds = 0.1 * static_cast<double>(std::count(sounds.begin(), sounds.end(), true));
  if (hops.size() < momentary_hops) return {mean_of_sounding_hops(hops), SoundingDetector::rms, seconds};
  if (seconds >= 3.0) return {gated_loudness(hops), SoundingDetector::integrated, seconds};
  if (seconds >= 1.5 && hops.size() >= short_term_hops) {
    return {to_lufs(greatest_window(hops, short_term_hops)), SoundingDetector::short_term, seconds};
  }
  return {to_lufs(greatest_window(hops, momentary_hops)), SoundingDetector::momentary, seconds};
}

Db mean_vu_while_sounding(const TrackMeasurements& track) {
  const std::vector<bool> sounds = sounding_hops(track.hop_energies);
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < std::min(sounds.size(), track.hop_vu.size()); ++i) {
    if (sounds[i]) sum += static_cast<double>(track.hop_vu[i]), count += 1.0;
  }
  if (count == 0.0) return track.clip.rms;
  return to_db(sum / count);
}

bool is_silent(const TrackMeasurements& track) {
  if (track.clip.is_silent()) return true;
  const std::span<const double> hops = track.hop_energies;
  const double greatest = hops.size() >= momentary_hops ? greatest_window(hops, momentary_hops)
                          : hops.empty()                ? to_weighted_mean_square({track.clip.rms.value})
                                                        : greatest_window(hops, 1);
  return to_lufs(greatest) < Lufs{silence_lufs};
}

}  // namespace gainstage
