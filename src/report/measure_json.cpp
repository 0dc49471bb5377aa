// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "report/report.h"

namespace gainstage {
namespace {

Json number_or_null(const std::optional<Db>& level) { return level ? number(level->value) : Json(); }

Json clipping_json(const Clipping& clipping) {
  Json places = Json::array();
  for (const ClippedRun& run : clipping.places) {
    places.push_back({{"seconds", number(run.seconds)},
                      {"channel", run.channel},
                      {"frames", run.frames},
                      {"over_db", number(run.over.value)}});
  }
  return {{"runs", clipping.runs},
          {"longest_frames", clipping.longest_frames},
          {"over_db", clipping.runs > 0 ? number(clipping.over.value) : Json()},
          {"places", std::move(places)}};
}

Json stereo_json(const StereoField& stereo) {
  return {{"correlation", number(stereo.correlation)},
          {"width", number(stereo.width)},
          {"balance_db", number(stereo.balance.value)},
          {"mono_loss_db", number(stereo.mono_loss.value)}};
}

}  // namespace

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return value == 0.0 ? 0.0 : value;  // Without the sign of zero.
}

Json decibels(const ThirdOctaves& powers) {
  Json levels = Json::array();
  for (double power : powers) levels.push_back(number(std::round(power_to_db(power).value * 100.0) / 100.0));
  return levels;
}

Json to_json(const Measure& measure) {
  return {
      {"integrated_lufs", number(measure.integrated.value)},
      {"momentary_max_lufs", number(measure.momentary_max.value)},
      {"short_term_max_lufs", number(measure.short_term_max.value)},
      {"lra_lu", number(measure.loudness_range.value)},
      {"true_peak_dbtp", number(measure.true_peak.value)},
      {"true_peak_filter", measure.true_peak_filter.empty() ? Json() : Json(measure.true_peak_filter)},
      {"sample_peak_dbfs", number(measure.sample_peak.value)},
      {"rms_dbfs", number(measure.rms.value)},
      {"vu_max_vu", number(measure.vu_max.value)},
      {"vu_mean_vu", number(measure.vu_mean.value)},
      {"k_system_db", number(measure.k_system.value)},
      {"crest_db", number_or_null(measure.crest)},
      {"plr_lu", number_or_null(measure.plr)},
      {"psr_lu", number_or_null(measure.psr)},
      {"dc_offset_dbfs", measure.has_dc_offset() ? number(measure.dc_offset.value) : Json()},
      {"noise_floor_dbfs", number_or_null(measure.noise_floor)},
      {"activity_percent", number(measure.activity_percent)},
      {"clipping", clipping_json(measure.clipping)},
      {"stereo", measure.stereo ? stereo_json(*measure.stereo) : Json()},
      {"non_finite_samples", measure.non_finite_samples},
      {"duration_s", number(measure.duration_s)},
      {"sample_rate_hz", number(measure.sample_rate_hz)},
      {"channels", measure.channels},
      {"silent", measure.is_silent()},
  };
}

Json to_json(const CheckedClause& checked) {
  const Clause& clause = checked.clause;
  const auto bound = [](const std::optional<double>& value) { return value ? number(*value) : Json(); };
  const std::optional<Figure> figure = clause.figure ? clause.figure : clause.see;
  return {{"figure", figure ? Json(info(*figure).name) : Json()},
          {"asked", demand(clause)},
          {"min", bound(clause.min)},
          {"max", bound(clause.max)},
          {"measured", bound(checked.measured)},
          {"unit", figure ? Json(info(*figure).unit) : Json()},
          {"result", to_string(checked.result)},
          {"deciding", clause.figure ? !clause.is_advice : clause.is_deciding},
          {"reason", clause.reason.empty() ? Json() : Json(clause.reason)},
          {"note", clause.note.empty() ? Json() : Json(clause.note)}};
}

Json to_json(const Check& check) {
  Json clauses = Json::array();
  for (const CheckedClause& checked : check.clauses) clauses.push_back(to_json(checked));
  return {{"verdict", to_string(check.verdict)}, {"clauses", std::move(clauses)}};
}

}  // namespace gainstage
