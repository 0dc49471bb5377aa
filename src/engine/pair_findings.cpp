// SPDX-License-Identifier: MIT
#include "engine/pair_findings.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <utility>

#include "engine/cross_correlation.h"
#include "engine/excerpt.h"
#include "engine/job.h"
#include "staging/roles.h"

namespace gainstage {
namespace {

constexpr double range_s = 0.020;
constexpr double least_correlation = 0.6;
constexpr double hop_s = 0.1;
constexpr std::size_t piece_hops = 20;
constexpr std::size_t most_pieces = 3;
constexpr std::size_t most_pairs = 64;

/// Amplitudes over time, less their mean, of length 1: the sum of products of two of them is their
/// correlation.
std::vector<double> normalised_envelope(std::span<const double> hop_energies) {
  std::vector<double> envelope;
  envelope.reserve(hop_energies.size());
  double mean = 0.0;
  for (const double energy : hop_energies) mean += envelope.emplace_back(std::sqrt(energy));
  mean /= std::max(1.0, static_cast<double>(envelope.size()));
  double squares = 0.0;
  for (double& value : envelope) {
    value -= mean;
    squares += value * value;
  }
  if (squares <= 0.0) return {};
  for (double& value : envelope) value /= std::sqrt(squares);
  return envelope;
}

std::vector<Family> families(const Session& session, const Measurements& measurements) {
  std::vector<Family> families;
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    const TrackMeasurements& track = measurements.tracks[i];
    const RoleGuess guess =
        guess_role(session.tracks[i].name, track.features, track.clip.crest.value_or(Db{0.0}));
    families.push_back(info(guess.role).family);
  }
  return families;
}

Result<std::optional<PairFinding>> examine(const Session& session, const Measurements& measurements,
                                           const PairCandidate& pair, CrossCorrelator& correlator) {
  const std::vector<std::size_t> starts =
      loudest_together(measurements.tracks[pair.first].hop_energies,
                       measurements.tracks[pair.second].hop_energies, piece_hops);
  std::vector<double> mean;
  for (const std::size_t start : starts) {
    const double first_s = hop_s * static_cast<double>(start);
    const double length_s = hop_s * static_cast<double>(piece_hops);
    const Result<Excerpt> a = read_excerpt(session, session.tracks[pair.first], first_s, length_s);
    if (!a) return tl::unexpected(a.error());
    const Result<Excerpt> b = read_excerpt(session, session.tracks[pair.second], first_s, length_s);
    if (!b) return tl::unexpected(b.error());
    const double rate_hz = session.sample_rate_hz;
    const std::vector<double> correlation = correlator.correlate(a->mono(rate_hz), b->mono(rate_hz));
    if (correlation.empty()) continue;
    mean.resize(correlation.size());
    for (std::size_t i = 0; i < mean.size(); ++i)
      mean[i] += correlation[i] / static_cast<double>(starts.size());
  }
  const Alignment best = best_alignment(mean);
  if (std::abs(best.correlation) < least_correlation || (best.lag == 0 && best.correlation > 0.0)) {
    return std::nullopt;
  }
  PairFinding finding{pair.first, pair.second, best.correlation,
                      static_cast<double>(best.lag) / session.sample_rate_hz,
                      hop_s * static_cast<double>(starts.front())};
  if (finding.delay_s < 0.0) {
    std::swap(finding.first, finding.second);
    finding.delay_s = -finding.delay_s;
  }
  return finding;
}

}  // namespace

std::vector<PairCandidate> pair_candidates(const Session& session, const Measurements& measurements) {
  constexpr double least_likeness = 0.5;
  const std::size_t count = session.tracks.size();
  const std::vector<Family> family = families(session, measurements);
  std::vector<std::vector<double>> envelopes;
  for (const TrackMeasurements& track : measurements.tracks) {
    envelopes.push_back(normalised_envelope(track.hop_energies));
  }
  std::vector<PairCandidate> candidates;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      // Who cancels each other without any delay is suspicious in whatever family.
      const double energies = measurements.covariance_of(i, i) * measurements.covariance_of(j, j);
      const double zero_lag = energies > 0.0 ? measurements.covariance_of(i, j) / std::sqrt(energies) : 0.0;
      if (family[i] != family[j] && zero_lag > -least_correlation) continue;
      double likeness = 0.0;
      for (std::size_t hop = 0; hop < std::min(envelopes[i].size(), envelopes[j].size()); ++hop) {
        likeness += envelopes[i][hop] * envelopes[j][hop];
      }
      likeness = std::max(likeness, std::abs(zero_lag));
      if (likeness > least_likeness) candidates.push_back({i, j, likeness});
    }
  }
  std::ranges::stable_sort(candidates, std::ranges::greater{}, &PairCandidate::likeness);
  if (candidates.size() > most_pairs) candidates.resize(most_pairs);
  return candidates;
}

std::vector<std::size_t> loudest_together(std::span<const double> first, std::span<const double> second,
                                          std::size_t length_hops) {
  const std::size_t hops = std::min(first.size(), second.size());
  if (hops == 0) return {};
  const std::size_t length = std::min(length_hops, hops);
  std::vector<std::pair<double, std::size_t>> pieces;
  for (std::size_t start = 0; start + length <= hops; ++start) {
    double a = 0.0;
    double b = 0.0;
    for (std::size_t i = start; i < start + length; ++i) {
      a += first[i];
      b += second[i];
    }
    if (a * b > 0.0) pieces.emplace_back(-a * b, start);
  }
  std::ranges::sort(pieces);
  std::vector<std::size_t> starts;
  for (const auto& [loudness, start] : pieces) {
    const bool is_free = std::ranges::none_of(
        starts, [&, at = start](std::size_t taken) { return at < taken + length && taken < at + length; });
    if (is_free) starts.push_back(start);
    if (starts.size() == most_pieces) break;
  }
  return starts;
}

Result<std::vector<PairFinding>> find_pairs(const Session& session, const Measurements& measurements,
                                            const WorkOptions& work) {
  Job job(work);
  const std::vector<PairCandidate> candidates = pair_candidates(session, measurements);
  if (candidates.empty()) return std::vector<PairFinding>{};
  const double piece_s = hop_s * static_cast<double>(piece_hops);
  const auto most_frames = static_cast<std::size_t>(std::ceil(piece_s * session.sample_rate_hz)) + 1;
  // A transform of some megabytes for each thread, whichever pairs it takes.
  std::vector<CrossCorrelator> correlators(std::min(job.threads(), candidates.size()),
                                           CrossCorrelator(most_frames, session.sample_rate_hz, range_s));
  std::vector<Result<std::optional<PairFinding>>> found(candidates.size());
  std::atomic<std::size_t> next{0};
  job.for_each(correlators.size(), [&](std::size_t worker) {
    for (std::size_t i = next++; i < candidates.size(); i = next++) {
      found[i] = job.check_cancelled().and_then(
          [&] { return examine(session, measurements, candidates[i], correlators[worker]); });
      if (!found[i]) return;
    }
  });
  std::vector<PairFinding> findings;
  // The first pair that failed is the same on any number of threads: all before it were taken by then.
  for (Result<std::optional<PairFinding>>& finding : found) {
    if (!finding) return tl::unexpected(std::move(finding.error()));
    if (*finding) findings.push_back(**finding);
  }
  return findings;
}

}  // namespace gainstage
