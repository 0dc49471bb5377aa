// SPDX-License-Identifier: MIT
// All faders together, up to the target; never across the ceiling unless a limiter was asked for.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/loudness_gate.h"
#include "staging/anchor_reading.h"
#include "staging/rounding.h"
#include "staging/staging.h"
#include "staging/text.h"
#include "staging/why.h"

namespace gainstage {
namespace {

constexpr Db least_headroom{3.0};    // True peak under full scale before the raise.
constexpr Db ceiling_margin{0.001};  // Rounding of floats stays under it.
constexpr std::size_t most_peak_tracks = 5;
constexpr Db target_tolerance{0.05};
constexpr Db limiter_tolerance{0.02};
constexpr Db most_drive{12.0};  // Over the raise without a limiter; more only flattens the mix.

/// The gain at which the mix reads the target. Its absolute gate moves with the gain, so a second look is
/// needed.
Db gain_to(Lufs target, std::span<const double> hop_energies) {
  Db gain = target - integrated_loudness(hop_energies);
  for (int look = 0; look < 8; ++look) {
    const Lufs reached = integrated_loudness(hop_energies, gain);
    if (!std::isfinite(reached.value)) break;
    gain += target - reached;
  }
  return gain;
}

MasterPrediction predict(const MixMeasurements& mix, Db gain) {
  MasterPrediction master;
  master.integrated = integrated_loudness(mix.hop_energies, gain);
  master.momentary_max = mix.momentary_max + gain;
  master.short_term_max = mix.short_term_max + gain;
  master.loudness_range = loudness_range(mix.hop_energies, gain);
  master.true_peak = mix.true_peak + gain;
  master.sample_peak = mix.sample_peak + gain;
  return master;
}

/// What dither (one step) and rounding (half a step) can add to a peak at the ceiling, with room for what two
/// of them in a row make between the samples: two steps.
Db quantization_margin(const StagingOptions& options) {
  return to_db(1.0 + 2.0 * options.output_step / to_ratio(options.target.ceiling));
}

bool has_bound_tracks(const std::vector<TrackPlan>& tracks, const StagingOptions& options) {
  return std::any_of(tracks.begin(), tracks.end(), [&](const TrackPlan& track) {
    return !track.is_silent && (track.is_locked || options.ranges.contains(track.name));
  });
}

/// What the cut leaves of the anchor, as the end of a sentence; nothing where the anchor has no reading.
std::string anchor_words(const GainPlan& plan, const StagingOptions& options) {
  const Db under = options.anchor - plan.anchor_reading;
  if (!std::isfinite(under.value)) return "";
  return ", so '" + plan.anchor_step + "' now reads " + tenth(plan.anchor_reading.value) + ", " +
         tenth(std::abs(under.value)) + " dB " + (under < Db{} ? "over" : "under") + " the anchor of " +
         tenth(options.anchor.value);
}

/// Keeps the mix well under zero by bringing all faders down together, and the anchor's reading with them;
/// returns by how much.
Db keep_headroom(GainPlan& plan, const MixMeasurements& mix, const StagingOptions& options) {
  const Db missing = mix.true_peak + least_headroom;
  if (missing <= Db{}) return {};
  const Db cut = rounded_up(missing);
  if (has_bound_tracks(plan.tracks, options)) {
    plan.warnings.push_back(
        {"little-headroom",
         "",
         "The mix peaks at " + tenth(mix.true_peak.value) +
             " dBTP before the raise; locked or ranged tracks keep the faders from coming down.",
         {}});
    return {};
  }
  for (TrackPlan& track : plan.tracks) {
    if (track.is_silent) continue;
    track.fader = track.fader - cut;
    track.why = why_lowered(track, cut);
  }
  plan.anchor_reading = plan.anchor_reading - cut;
  plan.warnings.push_back({"headroom",
                           "",
                           "With all tracks in, the mix peaked at " + tenth(mix.true_peak.value) +
                               " dBTP; all faders came down by " + tenth(cut.value) + " dB to keep " +
                               tenth(least_headroom.value) + " dB of headroom" + anchor_words(plan, options) +
                               ".",
                           {}});
  return cut;
}

/// Compares the prediction with the target.
void judge(GainPlan& plan, const StagingOptions& options) {
  const Db missing = options.target.integrated - plan.predicted.integrated;
  plan.outcome.is_reached = missing < target_tolerance;
  plan.outcome.shortfall = plan.outcome.is_reached ? Db{} : missing;
}

/// How much further the limiter may be driven.
Db room_to_drive(const GainPlan& plan, const StagingOptions& options) {
  const Db over_ceiling = plan.unlimited_true_peak + plan.raise - options.target.ceiling;
  return std::max(Db{}, most_drive - over_ceiling);
}

}  // namespace

GainPlan raise_together(Balance anchored, std::span<const MixMeasurements> build,
                        std::span<const std::size_t> tracks_at_peak, const StagingOptions& options) {
  GainPlan plan;
  plan.style = anchored.style;
  plan.tracks = std::move(anchored.tracks);
  plan.steps = std::move(anchored.steps);
  plan.warnings = std::move(anchored.warnings);
  if (build.empty()) return plan;

  const MixMeasurements& mix = build.back();
  plan.anchor_step = plan.steps.front().name;
  plan.anchor_reading = anchor_reading(build.front(), options.anchor_detector);
  const Db cut = keep_headroom(plan, mix, options);
  plan.headroom_cut = cut;
  for (const MixMeasurements& step : build) {
    plan.readings.push_back({step.sample_peak - cut, step.true_peak - cut,
                             integrated_loudness(step.hop_energies, -cut), step.short_term_max - cut});
  }

  const Db margin = std::max(ceiling_margin, quantization_margin(options));
  const Db to_ceiling = rounded_down(options.target.ceiling - margin - (mix.true_peak - cut));
  const Lufs unraised = integrated_loudness(mix.hop_energies);
  if (!std::isfinite(unraised.value)) {
    plan.raise = to_ceiling;
    plan.warnings.push_back(
        {"no-loudness",
         "",
         "The mix is too short or too quiet to have an integrated loudness; it is raised until its "
         "true peak meets the ceiling.",
         {}});
  } else {
    const Db to_target = rounded(gain_to(options.target.integrated, mix.hop_energies) + cut);
    const bool is_possible = to_target <= to_ceiling;
    plan.outcome.needs_limiter = !is_possible && options.reach == Reach::limit;
    plan.raise = is_possible || plan.outcome.needs_limiter ? to_target : to_ceiling;
    if (plan.outcome.needs_limiter) plan.limiter_ceiling = options.target.ceiling;
  }
  plan.unlimited_true_peak = mix.true_peak - cut;
  plan.predicted = predict(mix, plan.raise - cut);

  judge(plan, options);
  if (!plan.outcome.is_reached || plan.outcome.needs_limiter) {
    for (std::size_t i : tracks_at_peak.first(std::min(most_peak_tracks, tracks_at_peak.size()))) {
      plan.outcome.peaks_from.push_back(plan.tracks[i].name);
    }
  }
  return plan;
}

std::vector<Db> mix_gains(const GainPlan& plan) {
  std::vector<Db> gains;
  for (const TrackPlan& track : plan.tracks) {
    gains.push_back(track.is_silent ? silent_db : without_crumbs(track.gain() + plan.raise));
  }
  return gains;
}

Db limiter_correction(const GainPlan& plan, const MixMeasurements& limited, const StagingOptions& options) {
  const Db missing = options.target.integrated - integrated_loudness(limited.hop_energies);
  if (!std::isfinite(missing.value) || std::abs(missing.value) < limiter_tolerance.value) return {};
  return rounded(std::min(missing, room_to_drive(plan, options)));
}

Db limiter_ceiling_excess(Db true_peak, const StagingOptions& options) {
  const Db excess = true_peak + quantization_margin(options) - options.target.ceiling;
  return excess <= ceiling_margin ? Db{} : rounded_up(excess);
}

GainPlan settle_behind_limiter(GainPlan plan, const MixMeasurements& limited, const StagingOptions& options) {
  plan.predicted = predict(limited, Db{});
  judge(plan, options);
  if (!plan.outcome.is_reached && room_to_drive(plan, options) <= limiter_tolerance) {
    plan.warnings.push_back({"limiter-end",
                             "",
                             "The limiter is driven by at most " + tenth(most_drive.value) +
                                 " dB, and the target asks for more: lower the target, or tame the highest "
                                 "peaks in their tracks.",
                             {}});
  }
  return plan;
}

}  // namespace gainstage
