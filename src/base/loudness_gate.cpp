// SPDX-License-Identifier: MIT
#include "base/loudness_gate.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gainstage {
namespace {

/// Means of `length` consecutive hops, one a hop. A fresh sum each time: no drift, and exact zeros stay zero.
std::vector<double> sliding_means(std::span<const double> hops, std::size_t length, double power_gain) {
  std::vector<double> means;
  if (hops.size() < length) return means;
  means.reserve(hops.size() - length + 1);
  for (std::size_t first = 0; first + length <= hops.size(); ++first) {
    double sum = 0.0;
    for (std::size_t i = 0; i < length; ++i) sum += hops[first + i];
    means.push_back(power_gain * sum / static_cast<double>(length));
  }
  return means;
}

struct Mean {
  double value = 0.0;
  std::size_t count = 0;
};

template <typename Passes>
Mean mean_of(std::span<const double> values, Passes passes) {
  double sum = 0.0;
  std::size_t count = 0;
  for (double value : values) {
    if (!passes(value)) continue;
    sum += value;
    ++count;
  }
  return {count == 0 ? 0.0 : sum / static_cast<double>(count), count};
}

const double absolute_gate = to_weighted_mean_square({-70.0});

/// What a block's energy must be over to count for the integrated loudness.
double gate_of(const std::vector<double>& blocks) {
  const Mean ungated = mean_of(blocks, [](double e) { return e > absolute_gate; });
  return std::max(absolute_gate, ungated.value * 0.1);  // -10 LU
}

}  // namespace

Lufs integrated_loudness(std::span<const double> hop_energies, Db gain) {
  const std::vector<double> blocks = sliding_means(hop_energies, momentary_hops, to_power_ratio(gain));
  const double gate = gate_of(blocks);
  return to_lufs(mean_of(blocks, [=](double e) { return e > gate; }).value);
}

std::vector<double> gated_blocks_of_hops(std::span<const double> hop_energies) {
  const std::vector<double> blocks = sliding_means(hop_energies, momentary_hops, 1.0);
  const double gate = gate_of(blocks);
  std::vector<double> counts(hop_energies.size());
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    if (blocks[block] <= gate) continue;
    for (std::size_t hop = 0; hop < momentary_hops; ++hop) counts[block + hop] += 1.0;
  }
  return counts;
}

Db loudness_range(std::span<const double> hop_energies, Db gain) {
  const std::vector<double> windows = sliding_means(hop_energies, short_term_hops, to_power_ratio(gain));
  const Mean ungated = mean_of(windows, [](double e) { return e >= absolute_gate; });
  if (ungated.count == 0) return {0.0};
  const double relative_gate = ungated.value * 0.01;  // -20 LU
  std::vector<double> gated;
  std::copy_if(windows.begin(), windows.end(), std::back_inserter(gated),
               [=](double e) { return e >= absolute_gate && e >= relative_gate; });
  if (gated.size() < 2) return {0.0};
  // Tech 3342: the p-th percentile is element round((n - 1) p / 100 + 1), counted from 1, of them in order.
  const auto percentile = [&](double p) {
    const auto at = gated.begin() + std::lround(static_cast<double>(gated.size() - 1) * p / 100.0);
    std::nth_element(gated.begin(), at, gated.end());
    return *at;
  };
  return to_lufs(percentile(95.0)) - to_lufs(percentile(10.0));
}

}  // namespace gainstage
