// SPDX-License-Identifier: MIT
#include "engine/loudness_over_time.h"

#include <algorithm>

#include "meters/loudness.h"

namespace gainstage {

std::vector<float> loudness_over_time(std::span<const double> hop_energies, std::size_t window_hops) {
  std::vector<float> loudness;
  loudness.reserve(hop_energies.size());
  for (std::size_t end = 1; end <= hop_energies.size(); ++end) {
    double sum = 0.0;
    for (std::size_t i = end - std::min(end, window_hops); i < end; ++i) sum += hop_energies[i];
    loudness.push_back(static_cast<float>(to_lufs(sum / static_cast<double>(window_hops)).value));
  }
  return loudness;
}

}  // namespace gainstage
