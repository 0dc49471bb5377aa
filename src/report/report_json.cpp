// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>

#include "report/charts_json.h"
#include "report/report.h"

namespace gainstage {
namespace {

/// Sums of decisions, which are rounded to 0.01 dB each, without the crumbs of binary fractions.
Json decision(Db gain) { return number(std::round(gain.value * 1e6) / 1e6); }

Json optional_number(const std::optional<double>& value) { return value ? number(*value) : Json(); }

Json name_or_null(const std::string& name) { return name.empty() ? Json() : Json(name); }

std::string_view to_string(RoleSource source) {
  constexpr std::array<std::string_view, 3> names{"name", "audio", "user"};
  return names[static_cast<std::size_t>(source)];
}

std::string_view to_string(SoundingDetector detector) {
  constexpr std::array<std::string_view, 4> names{"integrated", "short-term", "momentary", "rms"};
  return names[static_cast<std::size_t>(detector)];
}

Json role_json(const RoleGuess& guess) {
  return {{"name", info(guess.role).name},
          {"family", to_string(info(guess.role).family)},
          {"band", to_string(guess.band)},
          {"confidence", number(guess.confidence)},
          {"source", to_string(guess.source)}};
}

Json sounding_json(const TrackPlan& plan) {
  return {{"loudness_lufs", number(plan.loudness_while_sounding.value)},
          {"seconds", number(plan.sounding_s)},
          {"detector", plan.detector ? Json(to_string(*plan.detector)) : Json()},
          {"balance_measure_db", optional_number(plan.balance_measure)},
          {"target_lu", optional_number(plan.target_lu)},
          {"silent", std::isinf(plan.loudness_while_sounding.value)}};
}

Json track_json(const ReportTrack& track) {
  const TrackPlan& plan = track.plan;
  return {{"name", plan.name},
          {"role", role_json(plan.role)},
          {"gain_db", decision(plan.gain())},
          {"stages", {{"nominal_db", decision(plan.nominal)}, {"fader_db", decision(plan.fader)}}},
          {"total_db", decision(track.total)},
          {"silent", plan.is_silent},
          {"locked", plan.is_locked},
          {"focus", plan.is_focus},
          {"group", name_or_null(plan.group)},
          {"sounding", sounding_json(plan)},
          {"audibility_percent", plan.audibility ? number(100.0 * *plan.audibility) : Json()},
          {"measure",
           {{"clip", to_json(track.clip)},
            {"insert_in", track.insert_in ? to_json(*track.insert_in) : Json()},
            {"fader_out", track.fader_out ? to_json(*track.fader_out) : Json()}}},
          {"why", plan.why},
          {"confidence", number(plan.confidence)}};
}

Json steps_json(const Report& report) {
  Json steps = Json::array();
  for (std::size_t s = 0; s < report.steps.size(); ++s) {
    const BuildStep& step = report.steps[s];
    Json names = Json::array();
    for (std::size_t track : step.tracks) names.push_back(report.tracks[track].plan.name);
    const StepReading reading = s < report.readings.size() ? report.readings[s] : StepReading{};
    steps.push_back({{"name", step.name},
                     {"band", to_string(step.band)},
                     {"tracks", std::move(names)},
                     {"master",
                      {{"sample_peak_dbfs", number(reading.sample_peak.value)},
                       {"true_peak_dbtp", number(reading.true_peak.value)},
                       {"integrated_lufs", number(reading.integrated.value)},
                       {"short_term_max_lufs", number(reading.short_term_max.value)},
                       {"silent", std::isinf(reading.sample_peak.value)}}}});
  }
  return steps;
}

Json predicted_json(const MasterPrediction& predicted) {
  return {{"integrated_lufs", number(predicted.integrated.value)},
          {"momentary_max_lufs", number(predicted.momentary_max.value)},
          {"short_term_max_lufs", number(predicted.short_term_max.value)},
          {"lra_lu", number(predicted.loudness_range.value)},
          {"true_peak_dbtp", number(predicted.true_peak.value)},
          {"sample_peak_dbfs", number(predicted.sample_peak.value)},
          {"plr_lu", number(predicted.true_peak.value - predicted.integrated.value)},
          {"silent", std::isinf(predicted.sample_peak.value)}};
}

/// A measure of which only the plan's figures are known.
Json dry_master_json(const Report& report) {
  Json master = to_json(report.master_or_predicted());
  for (const char* unknown : {"true_peak_filter", "rms_dbfs", "vu_max_vu", "vu_mean_vu", "k_system_db",
                              "crest_db", "dc_offset_dbfs", "noise_floor_dbfs", "activity_percent",
                              "clipping", "stereo", "non_finite_samples"}) {
    master[unknown] = nullptr;
  }
  return master;
}

Json target_json(const Report& report) {
  Json limiting;
  if (report.limiting) {
    limiting = {{"max_db", number(report.limiting->greatest_reduction.value)},
                {"mean_db", number(report.limiting->mean_reduction_while_active.value)},
                {"active_percent", number(report.limiting->active_percent)}};
  }
  Json target = {{"name", report.aim.name},
                 {"title", report.target.title},
                 {"integrated_lufs", number(report.aim.integrated.value)},
                 {"true_peak_dbtp", number(report.aim.ceiling.value)},
                 {"reached", report.is_reached},
                 {"shortfall_lu", number(report.shortfall.value)},
                 {"reach", to_string(report.reach)},
                 {"limiting", std::move(limiting)},
                 {"peaks_from", report.peaks_from},
                 {"met_by", report.met_by}};
  const Json checked = to_json(check(report.master_or_predicted(), report.target));
  target.update(checked);
  return target;
}

Json stages_json(const Report& report) {
  Json stages = Json::array();
  if (!report.daw) return stages;
  for (const ReportStage& stage : report.daw->stages) {
    stages.push_back({{"stage", stage.stage},
                      {"kind", to_string(stage.kind)},
                      {"strip", stage.strip},
                      {"from_db", number(stage.from.value)},
                      {"to_db", number(stage.to.value)},
                      {"gain_db", decision(stage.gain)},
                      {"automated", stage.is_automated},
                      {"silent", std::isinf(stage.from.value)},
                      {"why", stage.why}});
  }
  return stages;
}

Json losses_json(const Report& report) {
  Json losses = Json::array();
  if (!report.daw) return losses;
  for (const ReportLoss& loss : report.daw->losses)
    losses.push_back(
        {{"stage", loss.stage}, {"gain_db", number(loss.gain.value)}, {"sentence", loss.sentence}});
  return losses;
}

Json daw_json(const Report& report) {
  if (!report.daw) return {};
  return {{"format", report.daw->format},
          {"file", report.daw->file},
          {"written", name_or_null(report.daw->written)},
          {"place", report.daw->place}};
}

Json warnings_json(const std::vector<Warning>& warnings) {
  Json list = Json::array();
  for (const Warning& warning : warnings) {
    list.push_back({{"code", warning.code},
                    {"track", name_or_null(warning.track)},
                    {"sentence", warning.sentence},
                    {"where", warning.seconds ? Json{{"seconds", number(*warning.seconds)}} : Json()}});
  }
  return list;
}

Json render_json(const RenderSettings& render) {
  return {{"format", render.format},
          {"bits", render.bits},
          {"limiter_ceiling_dbtp", render.limiter_ceiling ? number(render.limiter_ceiling->value) : Json()},
          {"non_finite", render.non_finite_as_silence ? "silence" : "refuse"}};
}

}  // namespace

Measure Report::master_or_predicted() const {
  if (master) return *master;
  Measure measure;
  measure.integrated = predicted.integrated;
  measure.momentary_max = predicted.momentary_max;
  measure.short_term_max = predicted.short_term_max;
  measure.loudness_range = predicted.loudness_range;
  measure.true_peak = predicted.true_peak;
  measure.sample_peak = predicted.sample_peak;
  measure.plr = Db{predicted.true_peak.value - predicted.integrated.value};
  measure.psr = Db{predicted.true_peak.value - predicted.short_term_max.value};
  measure.duration_s = duration_s;
  measure.sample_rate_hz = sample_rate_hz;
  measure.channels = channels;
  return measure;
}

std::string to_json_text(const Report& report) {
  Json tracks = Json::array();
  for (const ReportTrack& track : report.tracks) tracks.push_back(track_json(track));
  Json master = report.master ? to_json(*report.master) : dry_master_json(report);
  master["predicted"] = !report.master;
  return pretty({{"schema", report_schema},
                 {"gainstage", {{"version", report.version}, {"options", report.options}}},
                 {"session",
                  {{"name", report.session_name},
                   {"sample_rate_hz", number(report.sample_rate_hz)},
                   {"channels", report.channels},
                   {"duration_s", number(report.duration_s)}}},
                 {"style", to_string(report.style)},
                 {"tracks", std::move(tracks)},
                 {"steps", steps_json(report)},
                 {"anchor",
                  {{"step", report.anchor_step},
                   {"wanted_db", number(report.anchor_wanted.value)},
                   {"reading_db", number(report.anchor_reading.value)},
                   {"detector", to_string(report.anchor_detector)}}},
                 {"headroom_cut_db", decision(report.headroom_cut)},
                 {"raise_db", decision(report.raise)},
                 {"predicted", predicted_json(report.predicted)},
                 {"master", std::move(master)},
                 {"target", target_json(report)},
                 {"render", render_json(report.render)},
                 {"stems", report.stems},
                 {"daw", daw_json(report)},
                 {"stages", stages_json(report)},
                 {"losses", losses_json(report)},
                 {"warnings", warnings_json(report.warnings)},
                 {"charts", report.charts ? to_json(*report.charts) : Json()}});
}

}  // namespace gainstage
