// SPDX-License-Identifier: MIT
#include "engine/at_gains.h"

#include <type_traits>
#include <utility>

namespace gainstage {
namespace {

void move(TrackMeasurements& track, Db gain) {
  const double ratio = to_ratio(gain);
  const double power = ratio * ratio;
  track.clip = turned(std::move(track.clip), gain);
  for (double& energy : track.hop_energies) energy *= power;
  for (float& level : track.hop_vu) level = static_cast<float>(level * ratio);
  for (float& peak : track.hop_peaks) peak = static_cast<float>(peak * ratio);
  for (ErbFrame& frame : track.erb_frames) {
    for (auto& band : frame) band = static_cast<std::remove_reference_t<decltype(band)>>(band * power);
  }
  for (double& band : track.features.spectrum) band *= power;
}

}  // namespace

Measurements at_gains(Measurements measurements, std::span<const Db> gains) {
  const std::size_t count = measurements.tracks.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (gains[i] == Db{}) continue;
    move(measurements.tracks[i], gains[i]);
    const double ratio = to_ratio(gains[i]);
    for (std::size_t j = 0; j < count; ++j) {
      measurements.covariance[i * count + j] *= ratio;
      measurements.covariance[j * count + i] *= ratio;
    }
  }
  std::erase_if(measurements.pairs, [&](const PairFinding& pair) {
    return gains[pair.first] == silent_db || gains[pair.second] == silent_db;
  });
  return measurements;
}

}  // namespace gainstage
