// SPDX-License-Identifier: MIT
#include "engine/mix_loudness.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "base/loudness_gate.h"
#include "dsp/pair_products.h"
#include "engine/channel_weights.h"
#include "engine/gram_meter.h"
#include "engine/job.h"
#include "engine/source_reader.h"
#include "engine/track_streams.h"
#include "meters/k_weighting_filter.h"

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
  Job job(work);
  const std::size_t count = session.tracks.size();
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::size_t> channels;
  for (const Track& track : session.tracks) channels.push_back(track.channels);
  // Sources and what is filtered.
  const std::size_t buffers = 2 * std::accumulate(channels.begin(), channels.end(), std::size_t{0});
  Result<TrackStreams> streams = TrackStreams::open(session, all, options.non_finite,
                                                    block_frames(session.sample_rate_hz, buffers), job);
  if (!streams) return tl::unexpected(std::move(streams.error()));

  MixLoudness loudness(count, resolution);
  std::size_t hops = 0;
  const double rate_hz = session.sample_rate_hz;
  GramMeter gram(session, channel_weights(session), resolution.detail == Detail::tenths ? 10.0 : 100.0,
                 [&](std::span<const double> means) {
                   loudness.add_hop(means);
                   ++hops;
                 });
  std::vector<KWeightingFilter> filters(count);
  std::vector<AudioBuffer> filtered;
  for (std::size_t i = 0; i < count; ++i) {
    filters[i].prepare({rate_hz, channels[i], streams->max_block_frames()});
    filtered.emplace_back(channels[i], streams->max_block_frames());
  }
  std::map<std::size_t, AudioBuffer> silence;  // By channel count.
  for (const std::size_t channel_count : channels) {
    silence.try_emplace(channel_count, channel_count, streams->max_block_frames());
  }
  std::vector<AudioView<const float>> blocks(count);
  const double expected_frames = session.duration_s() * rate_hz;
  double done = 0.0;
  while (true) {
    const Result<std::size_t> frames = streams->read(job);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) break;
    job.for_each(count, [&](std::size_t i) {
      // The filter rings on after a track's end, as it does on the mix.
      const AudioView<const float> source = streams->blocks()[i];
      const std::size_t sounding = source.frames;
      const AudioView<float> out = filtered[i].view(*frames);
      if (sounding > 0) filters[i].process(source, out.section(0, sounding));
      const std::size_t rest = *frames - sounding;
      filters[i].process(silence.at(channels[i]).view(rest), out.section(sounding, rest));
      blocks[i] = out;
    });
    gram.add(blocks, job);
    done += static_cast<double>(*frames);
    const Result<void> going = job.go_on("measuring the tracks", std::min(1.0, done / expected_frames));
    if (!going) return tl::unexpected(going.error());
  }
  loudness.energies_.assign(hops, 0.0);
  return loudness;
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
  std::ranges::transform(gains, gains_.begin(), [](Db gain) { return to_ratio(gain); });
  energies_ = energies(gains_);
}

void MixLoudness::set_gain(std::size_t track, Db gain) {
  const double before = gains_[track];
  const double after = to_ratio(gain);
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
