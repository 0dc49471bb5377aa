// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/engine.h"
#include "engine/job.h"
#include "engine/measure_build.h"
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
  StagedSession staged;
  Result<Measurements> measurements = measure_session(session, measuring, part_of(work, 0.0, 0.7));
  if (!measurements) return tl::unexpected(std::move(measurements.error()));
  staged.measurements = std::move(*measurements);
  if (std::ranges::all_of(staged.measurements.tracks, is_silent)) {
    return failure(
        ErrorCode::bad_input,
        "Every track is silent, so there is nothing to stage. Check that the stems were exported with sound.",
        {session.name, {}, {}, {}});
  }

  Balance balanced = balance(session, staged.measurements, staging);
  const std::span<const std::size_t> low = anchor_tracks(balanced);
  const std::vector<std::vector<std::size_t>> low_end{{low.begin(), low.end()}};
  Result<std::vector<MixMeasurements>> anchor_reading =
      measure_build(session, low_end, gains_of(balanced), measuring, part_of(work, 0.7, 0.8));
  if (!anchor_reading) return tl::unexpected(std::move(anchor_reading.error()));

  Balance anchored = anchor(std::move(balanced), anchor_reading->front(), staging);
  const std::vector<Db> gains = gains_of(anchored);
  Result<std::vector<MixMeasurements>> build =
      measure_build(session, entering_tracks(anchored.steps), gains, measuring,
                    part_of(work, 0.8, staging.reach == Reach::limit ? 0.9 : 1.0));
  if (!build) return tl::unexpected(std::move(build.error()));
  if (build->empty() || !std::isfinite(build->back().true_peak.value)) {
    return failure(
        ErrorCode::bad_input,
        "The tracks cancel each other completely: nothing is left to raise. Flip the polarity of one "
        "or leave one out.",
        {session.name, {}, {}, {}});
  }
  const Result<std::vector<std::size_t>> at_peak = tracks_at(session, gains, build->back().true_peak_at_s);
  if (!at_peak) return tl::unexpected(at_peak.error());

  staged.plan = raise_together(std::move(anchored), *build, *at_peak, staging);
  if (!staged.plan.outcome.needs_limiter) return staged;
  Result<GainPlan> driven =
      drive_limiter(session, std::move(staged.plan), staging, measuring, part_of(work, 0.9, 1.0));
  if (!driven) return tl::unexpected(std::move(driven.error()));
  staged.plan = std::move(*driven);
  return staged;
}

}  // namespace gainstage
