// SPDX-License-Identifier: MIT
#include "engine/predict/mix_peaks.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "dsp/interpolator.h"

namespace gainstage {
namespace {

/// Two readings of the same sound differ by their rounding: that of the filters, as much as their sums of
/// magnitudes (under 4) have it twice, and that of the mix to floats.
constexpr double rounding = 1.0 + 8.0 * interpolation_rounding;

std::vector<double> ratios_of(std::span<const Db> gains) {
  std::vector<double> ratios;
  for (const Db gain : gains) ratios.push_back(to_ratio(gain));
  return ratios;
}

/// The factor by which the known gains come closest to the wanted ones: where |wanted - factor known|, each
/// weighted by its track's peak, add up to the least. That is the weighted median of their ratios.
double common_factor(std::span<const double> known, std::span<const double> wanted,
                     std::span<const double> greatest) {
  std::vector<std::pair<double, double>> steps;  // Ratio, weight.
  double total = 0.0;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const double weight = known[i] * greatest[i];
    if (!(weight > 0.0)) continue;
    steps.emplace_back(wanted[i] / known[i], weight);
    total += weight;
  }
  std::ranges::sort(steps);
  double below = 0.0;
  for (const auto& [ratio, weight] : steps) {
    below += weight;
    if (2.0 * below >= total) return ratio;
  }
  return 0.0;
}

void add_scaled(std::span<double> sums, double factor, std::span<const float> hops) {
  for (std::size_t hop = 0; hop < hops.size(); ++hop) sums[hop] += factor * static_cast<double>(hops[hop]);
}

}  // namespace

MixPeaks::MixPeaks(std::vector<std::vector<float>> hop_peaks) : hop_peaks_(std::move(hop_peaks)) {
  for (const std::vector<float>& track : hop_peaks_) {
    hop_count_ = std::max(hop_count_, track.size());
    greatest_.push_back(track.empty() ? 0.0 : static_cast<double>(*std::ranges::max_element(track)));
  }
}

std::vector<float> MixPeaks::hop_bounds(std::span<const Db> gains) const {
  assert(gains.size() == tracks());
  const std::vector<double> ratios = ratios_of(gains);
  std::vector<double> least(hop_count_);
  for (std::size_t i = 0; i < tracks(); ++i) {
    if (ratios[i] != 0.0) add_scaled(least, ratios[i], hop_peaks_[i]);
  }
  std::vector<double> sums;
  for (const ExactPeak& known : known_) {
    const double factor = common_factor(known.ratios, ratios, greatest_);
    sums.assign(hop_count_, 0.0);
    add_scaled(sums, factor, known.hop_peaks);
    for (std::size_t i = 0; i < tracks(); ++i) {
      const double change = std::abs(ratios[i] - factor * known.ratios[i]);
      if (change != 0.0) add_scaled(sums, change, hop_peaks_[i]);
    }
    std::ranges::transform(least, sums, least.begin(), [](double a, double b) { return std::min(a, b); });
  }
  std::vector<float> bounds;
  bounds.reserve(hop_count_);
  for (const double bound : least) bounds.push_back(static_cast<float>(rounding * bound));
  return bounds;
}

MixPeaks::Bound MixPeaks::bound(std::span<const Db> gains) const {
  const std::vector<float> bounds = hop_bounds(gains);
  if (bounds.empty()) return {};
  const auto greatest = std::ranges::max_element(bounds);
  if (*greatest == 0.0f) return {};
  return {to_db(static_cast<double>(*greatest)),
          (static_cast<double>(greatest - bounds.begin()) + 0.5) / hops_per_second};
}

void MixPeaks::learn(ExactPeak found) {
  assert(found.ratios.size() == tracks());
  found.hop_peaks.resize(hop_count_);
  if (known_.size() == most_known) known_.erase(known_.begin());
  known_.push_back(std::move(found));
}

}  // namespace gainstage
