// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/engine.h"
#include "engine/job.h"
#include "engine/measure_build.h"
#include "engine/sum_peak.h"
#include "staging/activity.h"
#include "staging/rounding.h"

namespace gainstage {
namespace {

std::vector<Db> gains_of(const Balance& balance) {
  std::vector<Db> gains;
  gains.reserve(balance.tracks.size());
  for (const TrackPlan& track : balance.tracks) gains.push_back(track.gain());
  return gains;
}

/// The tracks that are in after each step.
std::vector<std::vector<std::size_t>> entering_tracks(const std::vector<BuildStep>& steps) {
  std::vector<std::vector<std::size_t>> tracks;
  for (const BuildStep& step : steps) tracks.push_back(step.tracks);
  return tracks;
}

/// The same mix with all gains changed by `shift`.
MixMeasurements shifted(MixMeasurements mix, Db shift) {
  mix.sample_peak += shift;
  mix.true_peak += shift;
  mix.vu_max += shift;
  mix.rms += shift;
  mix.momentary_max = mix.momentary_max + shift;
  mix.short_term_max = mix.short_term_max + shift;
  for (double& energy : mix.hop_energies) energy *= to_power_ratio(shift);
  return mix;
}

struct AnchoredBuild {
  Balance anchored;
  std::vector<MixMeasurements> build;  ///< After each of its steps.
};

/// What is read on the low end alone, where the anchor needs it before the build can be measured.
Result<MixMeasurements> measure_low_end(const Session& session, const Balance& balanced,
                                        const Measurements& measurements, AnchorDetector detector,
                                        const MeasureOptions& options, const WorkOptions& work) {
  const std::span<const std::size_t> low = anchor_tracks(balanced);
  const std::vector<Db> gains = gains_of(balanced);
  if (detector == AnchorDetector::peak && can_bound_peak(session, low)) {
    const Result<SumPeak> peak = sum_peak(session, measurements, gains, low, work);
    if (!peak) return tl::unexpected(peak.error());
    MixMeasurements low_end;
    low_end.sample_peak = peak->peak;
    return low_end;
  }
  auto measured = measure_build(session, {{low.begin(), low.end()}}, gains, options, work);
  if (!measured) return tl::unexpected(std::move(measured.error()));
  return std::move(measured->front());
}

/// Anchors, and measures the build. Where all tracks move by one gain, the sums at the balance's gains serve
/// for both.
Result<AnchoredBuild> anchor_and_build(const Session& session, Balance balanced,
                                       const Measurements& measurements, const StagingOptions& staging,
                                       const MeasureOptions& options, const WorkOptions& work) {
  const AnchorMove move = anchor_move(balanced, staging);
  if (move == AnchorMove::together) {
    const std::vector<Db> before = gains_of(balanced);
    const std::size_t first = anchor_tracks(balanced).front();
    auto build = measure_build(session, entering_tracks(balanced.steps), before, options, work);
    if (!build) return tl::unexpected(std::move(build.error()));
    Balance anchored = anchor(std::move(balanced), build->front(), staging);
    const Db shift = without_crumbs(anchored.tracks[first].gain() - before[first]);
    for (MixMeasurements& mix : *build) mix = shifted(std::move(mix), shift);
    return AnchoredBuild{std::move(anchored), std::move(*build)};
  }
  MixMeasurements low_end;
  if (move == AnchorMove::apart) {
    auto measured = measure_low_end(session, balanced, measurements, staging.anchor_detector, options,
                                    part_of(work, 0.0, 0.4));
    if (!measured) return tl::unexpected(std::move(measured.error()));
    low_end = std::move(*measured);
  }
  Balance anchored = anchor(std::move(balanced), low_end, staging);
  auto build = measure_build(session, entering_tracks(anchored.steps), gains_of(anchored), options,
                             part_of(work, 0.4, 1.0));
  if (!build) return tl::unexpected(std::move(build.error()));
  return AnchoredBuild{std::move(anchored), std::move(*build)};
}

/// Raises further until the mix meets the target behind the limiter, which takes some of every raise away,
/// and lowers the limiter's ceiling by what is measured over the target's behind it.
Result<GainPlan> drive_limiter(const Session& session, GainPlan plan, const StagingOptions& staging,
                               const MeasureOptions& measuring, const WorkOptions& work) {
  constexpr int most_raises = 7;
  constexpr int most_passes = 12;
  for (int pass = 0;; ++pass) {
    const double begun = static_cast<double>(pass) / most_passes;
    const double done = static_cast<double>(pass + 1) / most_passes;
    const Result<LimitedMix> limited = measure_limited(session, mix_gains(plan), *plan.limiter_ceiling,
                                                       measuring, part_of(work, begun, done));
    if (!limited) return tl::unexpected(limited.error());
    const Db correction = pass < most_raises ? limiter_correction(plan, limited->mix, staging) : Db{};
    const Db excess = limiter_ceiling_excess(limited->strictest_true_peak, staging);
    if ((correction == Db{} && excess == Db{}) || pass + 1 == most_passes) {
      return settle_behind_limiter(std::move(plan), limited->mix, staging);
    }
    plan.raise += correction;
    plan.predicted.true_peak += correction;
    plan.limiter_ceiling = without_crumbs(*plan.limiter_ceiling - excess);
  }
}

}  // namespace

Result<StagedSession> stage(const Session& session, const StagingOptions& staging,
                            const MeasureOptions& measuring, const WorkOptions& work) {
  Result<Measurements> measurements = measure_session(session, measuring, part_of(work, 0.0, 0.7));
  if (!measurements) return tl::unexpected(std::move(measurements.error()));
  Result<GainPlan> made = plan(session, *measurements, staging, measuring, part_of(work, 0.7, 1.0));
  if (!made) return tl::unexpected(std::move(made.error()));
  return StagedSession{*std::move(measurements), *std::move(made)};
}

Result<GainPlan> plan(const Session& session, const Measurements& measurements, const StagingOptions& staging,
                      const MeasureOptions& measuring, const WorkOptions& work) {
  if (std::ranges::all_of(measurements.tracks, is_silent)) {
    return failure(
        ErrorCode::bad_input,
        "Every track is silent, so there is nothing to stage. Check that the stems were exported with sound.",
        {session.name, {}, {}, {}});
  }

  Balance balanced = balance(session, measurements, staging);
  const double built_share = staging.reach == Reach::limit ? 2.0 / 3.0 : 1.0;
  Result<AnchoredBuild> built = anchor_and_build(session, std::move(balanced), measurements, staging,
                                                 measuring, part_of(work, 0.0, built_share));
  if (!built) return tl::unexpected(std::move(built.error()));
  Balance& anchored = built->anchored;
  const std::vector<MixMeasurements>& build = built->build;
  const std::vector<Db> gains = gains_of(anchored);
  if (build.empty() || !std::isfinite(build.back().true_peak.value)) {
    return failure(
        ErrorCode::bad_input,
        "The tracks cancel each other completely: nothing is left to raise. Flip the polarity of one "
        "or leave one out.",
        {session.name, {}, {}, {}});
  }
  const Result<std::vector<std::size_t>> at_peak = tracks_at(session, gains, build.back().true_peak_at_s);
  if (!at_peak) return tl::unexpected(at_peak.error());

  GainPlan raised = raise_together(std::move(anchored), build, *at_peak, staging);
  if (!raised.outcome.needs_limiter) return raised;
  return drive_limiter(session, std::move(raised), staging, measuring, part_of(work, built_share, 1.0));
}

}  // namespace gainstage
