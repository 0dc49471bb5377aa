// SPDX-License-Identifier: MIT
#include "engine/mix_loudness.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/loudness_gate.h"
#include "dsp/pair_products.h"
#include "engine/loudness_over_time.h"
#include "engine/predict/hear_mix.h"

namespace gainstage {
namespace {

/// A correlation of 1, as it is kept in half precision.
constexpr double most_correlation = 32767.0;

std::size_t hops_in_tenth(MixLoudness::Detail detail) {
  return detail == MixLoudness::Detail::tenths ? 1 : 10;
}

/// Means of `length` values, one each `step`.
std::vector<double> means_of(std::span<const double> values, std::size_t length, std::size_t step) {
  std::vector<double> means;
  for (std::size_t first = 0; first + length <= values.size(); first += step) {
    double sum = 0.0;
    for (std::size_t i = 0; i < length; ++i) sum += values[first + i];
    means.push_back(sum / static_cast<double>(length));
  }
  return means;
}

/// The greatest mean of `length` tenths that lie `apart` entries from each other.
double greatest_window(std::span<const double> tenths, std::size_t length, std::size_t apart) {
  double greatest = 0.0;
  for (std::size_t first = 0; first + (length - 1) * apart < tenths.size(); ++first) {
    double sum = 0.0;
    for (std::size_t i = 0; i < length; ++i) sum += tenths[first + i * apart];
    greatest = std::max(greatest, sum / static_cast<double>(length));
  }
  return greatest;
}

}  // namespace

MixLoudness::MixLoudness(std::size_t tracks, Resolution resolution)
    : resolution_(resolution), gains_(tracks) {
  if (resolution.precision == Precision::single) {
    hops_.resize(pair_count(tracks));
  } else {
    correlations_.resize(pair_count(tracks));
    amplitudes_.resize(tracks);
  }
}

std::size_t MixLoudness::bytes_per_hop() const {
  const std::size_t count = tracks();
  if (resolution_.precision == Precision::single) return pair_count(count) * sizeof(float);
  return (pair_count(count) - count) * sizeof(std::int16_t) + count * sizeof(float);
}

void MixLoudness::add_hop(std::span<const double> means) {
  energies_.push_back(0.0);
  if (resolution_.precision == Precision::single) {
    for (std::size_t pair = 0; pair < means.size(); ++pair) {
      hops_[pair].push_back(static_cast<float>(means[pair]));
    }
    return;
  }
  const std::size_t count = tracks();
  for (std::size_t i = 0; i < count; ++i) {
    amplitudes_[i].push_back(static_cast<float>(std::sqrt(means[pair_place(i, i, count)])));
  }
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const std::size_t pair = pair_place(i, j, count);
      const double amplitudes =
          static_cast<double>(amplitudes_[i].back()) * static_cast<double>(amplitudes_[j].back());
      const double correlation = amplitudes > 0.0 ? std::clamp(means[pair] / amplitudes, -1.0, 1.0) : 0.0;
      correlations_[pair].push_back(static_cast<std::int16_t>(std::lround(most_correlation * correlation)));
    }
  }
}

Result<MixLoudness> MixLoudness::measure(const Session& session, Resolution resolution,
                                         const MeasureOptions& options, const WorkOptions& work) {
  MixLoudness loudness(session.tracks.size(), resolution);
  if (auto heard = hear_mix(session, {&loudness, {}}, options, work); !heard)
    return tl::unexpected(heard.error());
  return loudness;
}

MixLoudness::Resolution MixLoudness::finest(std::size_t tracks, double seconds, std::size_t most_bytes) {
  Resolution resolution(Detail::hundredths);
  for (const Detail detail : {Detail::hundredths, Detail::tenths}) {
    for (const Precision precision : {Precision::single, Precision::half}) {
      resolution = {detail, precision};
      const MixLoudness loudness(tracks, resolution);
      const double bytes =
          seconds * loudness.hops_per_second() * static_cast<double>(loudness.bytes_per_hop());
      if (bytes <= static_cast<double>(most_bytes)) return resolution;
    }
  }
  return resolution;
}

std::span<const float> MixLoudness::hops_of(std::size_t first, std::size_t second,
                                            std::vector<float>& scratch) const {
  const std::size_t pair = pair_place(std::min(first, second), std::max(first, second), tracks());
  if (resolution_.precision == Precision::single) return hops_[pair];
  const std::span<const float> a = amplitudes_[first], b = amplitudes_[second];
  scratch.resize(a.size());
  if (first == second) {
    for (std::size_t hop = 0; hop < a.size(); ++hop) scratch[hop] = a[hop] * a[hop];
    return scratch;
  }
  constexpr float step = 1.0f / static_cast<float>(most_correlation);
  const std::span<const std::int16_t> correlation = correlations_[pair];
  for (std::size_t hop = 0; hop < a.size(); ++hop) {
    scratch[hop] = step * static_cast<float>(correlation[hop]) * (a[hop] * b[hop]);
  }
  return scratch;
}

std::vector<double> MixLoudness::energies(std::span<const double> ratios) const {
  std::vector<double> energies(energies_.size());
  std::vector<float> scratch;
  for (std::size_t i = 0; i < ratios.size(); ++i) {
    if (ratios[i] == 0.0) continue;
    add_scaled(energies, ratios[i] * ratios[i], hops_of(i, i, scratch));
    for (std::size_t j = i + 1; j < ratios.size(); ++j) {
      if (ratios[j] != 0.0) add_scaled(energies, 2.0 * ratios[i] * ratios[j], hops_of(i, j, scratch));
    }
  }
  return energies;
}

MixLoudness::Reading MixLoudness::read(std::span<const double> energies) const {
  // Where tracks cancel, rounding may leave less than nothing.
  std::vector<double> positive(energies.begin(), energies.end());
  for (double& energy : positive) energy = std::max(0.0, energy);
  const std::size_t step = hops_in_tenth(resolution_.detail);
  const std::vector<double> tenths = means_of(positive, step, step);
  const std::vector<double> sliding_tenths = means_of(positive, step, 1);
  return {integrated_loudness(tenths), to_lufs(greatest_window(sliding_tenths, momentary_hops, step)),
          to_lufs(greatest_window(sliding_tenths, short_term_hops, step)), loudness_range(tenths)};
}

MixLoudness::Reading MixLoudness::loudness(std::span<const Db> gains) const {
  assert(gains.size() == tracks());
  std::vector<double> ratios;
  for (const Db gain : gains) ratios.push_back(to_ratio(gain));
  return read(energies(ratios));
}

void MixLoudness::set_gains(std::span<const Db> gains) {
  assert(gains.size() == tracks());
  std::vector<double> ratios;
  for (const Db gain : gains) ratios.push_back(to_ratio(gain));
  std::size_t moved = 0;
  for (std::size_t i = 0; i < tracks(); ++i) moved += ratios[i] != gains_[i] ? 1 : 0;
  if (3 * moved <= tracks()) {
    for (std::size_t i = 0; i < tracks(); ++i) set_ratio(i, ratios[i]);
    return;
  }
  gains_ = std::move(ratios);
  energies_ = energies(gains_);
}

void MixLoudness::set_ratio(std::size_t track, double after) {
  const double before = gains_[track];
  if (after == before) return;
  std::vector<float> scratch;
  for (std::size_t other = 0; other < tracks(); ++other) {
    if (other == track) {
      add_scaled(energies_, after * after - before * before, hops_of(track, track, scratch));
    } else if (gains_[other] != 0.0) {
      add_scaled(energies_, 2.0 * (after - before) * gains_[other], hops_of(track, other, scratch));
    }
  }
  gains_[track] = after;
}

MixLoudness::Reading MixLoudness::reading(double from_s, double to_s) const {
  // The first tenth that begins at a time or after it; a crumb less is the time itself.
  const std::size_t step = hops_in_tenth(resolution_.detail);
  const auto hop_at = [&](double seconds) {
    const double tenth = std::ceil(std::max(0.0, 10.0 * seconds - 1e-6));
    return static_cast<std::size_t>(
        std::min(tenth * static_cast<double>(step), static_cast<double>(energies_.size())));
  };
  const std::size_t first = hop_at(from_s);
  const std::size_t last = std::max(first, hop_at(to_s));
  return read(std::span(energies_).subspan(first, last - first));
}

MixLoudness::History MixLoudness::history() const {
  const std::size_t step = hops_in_tenth(resolution_.detail);
  std::vector<double> tenths = means_of(energies_, step, step);
  for (double& energy : tenths) energy = std::max(0.0, energy);
  return {loudness_over_time(tenths, momentary_hops), loudness_over_time(tenths, short_term_hops)};
}

std::vector<double> MixLoudness::gradient() const {
  const std::size_t step = hops_in_tenth(resolution_.detail);
  const std::vector<double> counts = gated_blocks_of_hops(means_of(energies_, step, step));
  const auto gated_sum = [&](auto&& values) {
    double sum = 0.0;
    for (std::size_t tenth = 0; tenth < counts.size(); ++tenth) {
      if (counts[tenth] == 0.0) continue;
      for (std::size_t hop = 0; hop < step; ++hop) {
        sum += counts[tenth] * static_cast<double>(values[tenth * step + hop]);
      }
    }
    return sum;
  };
  std::vector<double> gradient(tracks());
  std::vector<float> scratch;
  const double energy = gated_sum(energies_);
  if (energy <= 0.0) return gradient;
  for (std::size_t i = 0; i < tracks(); ++i) {
    if (gains_[i] == 0.0) continue;
    double product = 0.0;
    for (std::size_t j = 0; j < tracks(); ++j) {
      if (gains_[j] != 0.0) product += gains_[j] * gated_sum(hops_of(i, j, scratch));
    }
    gradient[i] = gains_[i] * product / energy;
  }
  return gradient;
}

double MixLoudness::correlation(std::size_t first, std::size_t second) const {
  const auto total = [](std::span<const float> hops) {
    return std::accumulate(hops.begin(), hops.end(), 0.0);
  };
  std::vector<float> scratch;
  const double energies = total(hops_of(first, first, scratch)) * total(hops_of(second, second, scratch));
  if (energies <= 0.0) return 0.0;
  return std::clamp(total(hops_of(first, second, scratch)) / std::sqrt(energies), -1.0, 1.0);
}

}  // namespace gainstage
