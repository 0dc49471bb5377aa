// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "engine/at_gains.h"
#include "engine/engine.h"
#include "engine/job.h"
#include "engine/measure_build.h"
#include "engine/sum_peak.h"
#include "staging/activity.h"
#include "staging/rounding.h"

namespace gainstage {
namespace {

/// What a plan is made from.
struct Given {
  const Session& session;
  const Measurements& measurements;  ///< Of the tracks as they are, whatever the base.
  std::span<const Db> base;          ///< Empty: none.
  const StagingOptions& staging;
  const MeasureOptions& measuring;

  /// What each track is turned by in the mix, which is made without those that are silent to the method.
  std::vector<Db> gains_of(const Balance& balance) const {
    std::vector<Db> gains;
    for (const TrackPlan& track : balance.tracks) {
      const Db before = base.empty() ? Db{} : base[gains.size()];
      gains.push_back(track.is_silent ? silent_db : before + track.gain());
    }
    return gains;
  }

  Result<std::vector<MixMeasurements>> measure(const std::vector<std::vector<std::size_t>>& steps,
                                               const std::vector<Db>& gains, const WorkOptions& work) const {
    return measure_build(session, steps, gains, measuring, work);
  }
};

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
Result<MixMeasurements> measure_low_end(const Given& given, const Balance& balanced,
                                        const WorkOptions& work) {
  const std::span<const std::size_t> low = anchor_tracks(balanced);
  const std::vector<Db> gains = given.gains_of(balanced);
  if (given.staging.anchor_detector == AnchorDetector::peak && can_bound_peak(given.session, low)) {
    const Result<SumPeak> peak = sum_peak(given.session, given.measurements, gains, low, work);
    if (!peak) return tl::unexpected(peak.error());
    MixMeasurements low_end;
    low_end.sample_peak = peak->peak;
    return low_end;
  }
  auto measured = given.measure({{low.begin(), low.end()}}, gains, work);
  if (!measured) return tl::unexpected(std::move(measured.error()));
  return std::move(measured->front());
}

/// Anchors, and measures the build. Where all tracks move by one gain, the sums at the balance's gains serve
/// for both.
Result<AnchoredBuild> anchor_and_build(const Given& given, Balance balanced, const WorkOptions& work) {
  const AnchorMove move = anchor_move(balanced, given.staging);
  if (move == AnchorMove::together) {
    const std::vector<Db> before = given.gains_of(balanced);
    const std::size_t first = anchor_tracks(balanced).front();
    auto build = given.measure(entering_tracks(balanced.steps), before, work);
    if (!build) return tl::unexpected(std::move(build.error()));
    Balance anchored = anchor(std::move(balanced), build->front(), given.staging);
    const Db shift = without_crumbs(given.gains_of(anchored)[first] - before[first]);
    for (MixMeasurements& mix : *build) mix = shifted(std::move(mix), shift);
    return AnchoredBuild{std::move(anchored), std::move(*build)};
  }
  MixMeasurements low_end;
  if (move == AnchorMove::apart) {
    auto measured = measure_low_end(given, balanced, part_of(work, 0.0, 0.4));
    if (!measured) return tl::unexpected(std::move(measured.error()));
    low_end = std::move(*measured);
  }
  Balance anchored = anchor(std::move(balanced), low_end, given.staging);
  auto build =
      given.measure(entering_tracks(anchored.steps), given.gains_of(anchored), part_of(work, 0.4, 1.0));
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
                      const MeasureOptions& measuring, const WorkOptions& work, std::span<const Db> base) {
  std::optional<Measurements> turned;
  if (!base.empty()) turned = at_gains(measurements, base);
  const Measurements& heard = turned ? *turned : measurements;
  if (std::ranges::all_of(heard.tracks, is_silent)) {
    return failure(ErrorCode::bad_input,
                   turned ? "Every track is silent or down, so there is nothing to plan."
                          : "Every track is silent, so there is nothing to stage. Check that the stems were "
                            "exported with sound.",
                   {session.name, {}, {}, {}});
  }

  const Given given{session, measurements, base, staging, measuring};
  const double built_share = staging.reach == Reach::limit ? 2.0 / 3.0 : 1.0;
  Result<AnchoredBuild> built =
      anchor_and_build(given, balance(session, heard, staging), part_of(work, 0.0, built_share));
  if (!built) return tl::unexpected(std::move(built.error()));
  Balance& anchored = built->anchored;
  const std::vector<MixMeasurements>& build = built->build;
  if (build.empty() || !std::isfinite(build.back().true_peak.value)) {
    return failure(
        ErrorCode::bad_input,
        "The tracks cancel each other completely: nothing is left to raise. Flip the polarity of one "
        "or leave one out.",
        {session.name, {}, {}, {}});
  }
  const Result<std::vector<std::size_t>> at_peak =
      tracks_at(session, given.gains_of(anchored), build.back().true_peak_at_s);
  if (!at_peak) return tl::unexpected(at_peak.error());

  GainPlan raised = raise_together(std::move(anchored), build, *at_peak, staging);
  for (std::size_t i = 0; i < base.size(); ++i) {
    TrackPlan& track = raised.tracks[i];
    if (!track.is_silent) track.nominal = without_crumbs(track.nominal + base[i]);
  }
  if (!raised.outcome.needs_limiter) return raised;
  return drive_limiter(session, std::move(raised), staging, measuring, part_of(work, built_share, 1.0));
}

}  // namespace gainstage
