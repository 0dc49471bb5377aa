// SPDX-License-Identifier: MIT
#include "workspace/make_report.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/mix_spectrum.h"

namespace gainstage {
namespace {

// The plan takes a target as reached within 0.05 LU, and agrees with the file within 0.01.
constexpr double reached_within_lu = 0.06;

/// The families' spectra at the gains of the mix. Tracks of a family are taken as unlike each other: powers
/// add.
std::map<Family, ThirdOctaves> family_spectra(const Session& session, const StagedSession& staged,
                                              const std::vector<Db>& gains) {
  std::map<Family, ThirdOctaves> families;
  for (std::size_t t = 0; t < staged.plan.tracks.size(); ++t) {
    if (staged.plan.tracks[t].is_silent) continue;
    const ThirdOctaves spectrum = spectrum_in_mix(session, session.tracks[t], staged.measurements.tracks[t]);
    ThirdOctaves& family = families[info(staged.plan.tracks[t].role.role).family];
    const double power = to_power_ratio(gains[t]);
    for (std::size_t band = 0; band < family.size(); ++band) family[band] += power * spectrum[band];
  }
  return families;
}

Charts make_charts(const Session& session, const StagedSession& staged, const std::vector<Db>& gains,
                   const WrittenMix& written) {
  const FileMeasurements& mix = written.measured;
  Charts charts;
  charts.momentary_lufs = mix.momentary_lufs;
  charts.short_term_lufs = mix.short_term_lufs;
  charts.spectrum = SpectrumChart{mix.spectrum, family_spectra(session, staged, gains)};
  if (!mix.correlation.empty()) {
    charts.stereo = StereoChart{{0.1, mix.correlation}, mix.width, vectorscope_size, mix.vectorscope};
  }
  if (written.rendered.limiter)
    charts.gain_reduction = TimeSeries{0.1, written.rendered.limiter->reduction_db};
  return charts;
}

std::vector<ReportTrack> make_tracks(const StagedSession& staged, const std::vector<Db>& gains) {
  std::vector<ReportTrack> tracks;
  for (std::size_t t = 0; t < staged.plan.tracks.size(); ++t) {
    const TrackPlan& plan = staged.plan.tracks[t];
    const TrackMeasurements& heard = staged.measurements.tracks[t];
    tracks.push_back(
        {plan, gains[t], heard.clip, measure_after(heard, plan.nominal), measure_after(heard, gains[t])});
  }
  return tracks;
}

/// Whether the target is reached, by the file where there is one, else by the plan.
void judge(Report& report, const TargetOutcome& outcome) {
  report.is_reached = outcome.is_reached;
  report.shortfall = outcome.shortfall;
  if (!report.master) return;
  const Db missing = report.aim.integrated - report.master->integrated;
  report.is_reached = missing.value < reached_within_lu;
  report.shortfall = report.is_reached ? Db{} : missing;
}

}  // namespace

std::vector<Db> rendered_gains(const GainPlan& plan) {
  std::vector<Db> gains;
  for (Db gain : mix_gains(plan)) gains.push_back({std::round(gain.value * 1e6) / 1e6});
  return gains;
}

Report make_report(const Session& session, const StagedSession& staged, const StageSettings& settings,
                   Json options, const std::vector<Target>& targets, std::vector<Warning> notes,
                   const std::optional<WrittenMix>& written) {
  const GainPlan& plan = staged.plan;
  const std::vector<Db> gains = rendered_gains(plan);
  Report report;
  report.version = GAINSTAGE_VERSION;
  report.options = std::move(options);
  report.session_name = session.name;
  report.sample_rate_hz = session.sample_rate_hz;
  report.channels = session.channels;
  report.duration_s = session.duration_s();
  report.style = plan.style;
  report.tracks = make_tracks(staged, gains);
  report.steps = plan.steps;
  report.readings = plan.readings;
  report.anchor_step = plan.anchor_step;
  report.anchor_wanted = settings.staging.anchor;
  report.anchor_reading = plan.anchor_reading;
  report.anchor_detector = settings.staging.anchor_detector;
  report.headroom_cut = plan.headroom_cut;
  report.raise = plan.raise;
  report.predicted = plan.predicted;
  if (written) report.master = written->measured.measure;
  report.target = settings.target;
  report.aim = settings.staging.target;
  report.reach = settings.staging.reach;
  judge(report, plan.outcome);
  report.peaks_from = plan.outcome.peaks_from;
  report.met_by = targets_met(report.master_or_predicted(), targets);
  report.render = settings.render;
  report.warnings = std::move(notes);
  report.warnings.insert(report.warnings.end(), plan.warnings.begin(), plan.warnings.end());
  if (const auto doubt = confidence_warning(settings.target)) {
    report.warnings.push_back({"target-not-sure", "", *doubt, std::nullopt});
  }
  if (!written) return report;
  report.stems = written->stems;
  if (const auto& limiter = written->rendered.limiter) {
    report.limiting = LimitingReport{limiter->greatest_reduction, limiter->mean_reduction_while_active,
                                     100.0 * limiter->active_share};
  }
  if (written->rendered.clipped_samples > 0) {
    report.warnings.push_back(
        {"mix-clipped", "",
         fmt::format("{} samples of the mix were over full scale and are clipped in the file; "
                     "--bits 32f holds them",
                     written->rendered.clipped_samples),
         std::nullopt});
  }
  report.charts = make_charts(session, staged, gains, *written);
  return report;
}

}  // namespace gainstage
