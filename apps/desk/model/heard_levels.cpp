// SPDX-License-Identifier: MIT
#include "heard_levels.h"

#include <algorithm>
#include <cmath>

#include "session/flow_check.h"

namespace gainstage::desk {
namespace {

constexpr double hop_s = 0.1;
constexpr double over_full_scale_db = 0.005;  // Under it rounding of floats says so.

Json level(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json tap_json(const std::optional<Measure>& measure, double gain_db) {
  if (!measure) return nullptr;
  return {{"peak_dbfs", level(measure->sample_peak.value + gain_db)},
          {"integrated_lufs", level(measure->integrated.value + gain_db)},
          {"vu_mean_db", level(measure->vu_mean.value + gain_db)}};
}

/// Where the peaks are highest.
double loudest_s(const std::vector<float>& peaks) {
  if (peaks.empty()) return 0.0;
  return hop_s * static_cast<double>(std::ranges::max_element(peaks) - peaks.begin());
}

/// How often the peaks go over full scale, given by how much the highest does.
std::size_t runs_over(const std::vector<float>& peaks, double over_db) {
  if (peaks.empty()) return 1;
  const double full_scale = static_cast<double>(*std::ranges::max_element(peaks)) / to_ratio(Db{over_db});
  std::size_t runs = 0;
  bool was_over = false;
  for (const float peak : peaks) {
    const bool is_over = static_cast<double>(peak) > full_scale;
    if (is_over && !was_over) ++runs;
    was_over = is_over;
  }
  return std::max<std::size_t>(runs, 1);
}

void take_worse(std::optional<ClipMark>& worst, const ClipMark& mark) {
  if (!worst || mark.over_db > worst->over_db) worst = mark;
}

}  // namespace

std::vector<StripHeard> heard_of(const OpenedSession& opened, const Measurements& measurements,
                                 const FlowLevels& levels) {
  std::vector<StripHeard> heard(opened.table.flow_strips);
  for (std::size_t s = 0; s < heard.size(); ++s) {
    const auto& track = opened.table.strips[s].track;
    if (track) heard[s].hop_peaks = measurements.tracks[*track].hop_peaks;
    if (opened.is_stems()) {
      if (!track) continue;
      const Measure& clip = measurements.tracks[*track].clip;
      heard[s].clip = heard[s].insert_in = heard[s].fader_out = clip;
    } else {
      heard[s].clip = levels[s].trim_in;
      heard[s].insert_in = levels[s].insert_in;
      heard[s].fader_out = levels[s].fader_out;
    }
  }
  return heard;
}

std::vector<bool> has_moved_input(const SignalFlow& flow, const std::vector<StripRatios>& ratios,
                                  const std::vector<StripRatios>& own) {
  std::vector<bool> is_moved(flow.strips.size());
  for (const std::size_t s : processing_order(flow)) {
    if (ratios[s] == own[s] && !is_moved[s]) continue;
    for (const std::size_t next : fed_by(flow, s)) is_moved[next] = true;
  }
  return is_moved;
}

Json levels_json(const StripHeard& heard, const StripRatios& ratios, bool is_input_moved) {
  if (is_input_moved) return {{"clip", nullptr}, {"insert_in", nullptr}, {"fader_out", nullptr}};
  const double trim_db = to_db(ratios.trim).value;
  const double fader_db = to_db(ratios.fader).value;
  return {{"clip", tap_json(heard.clip, 0.0)},
          {"insert_in", tap_json(heard.insert_in, trim_db)},
          {"fader_out", tap_json(heard.fader_out, trim_db + fader_db)}};
}

std::optional<ClipMark> worst_clip(const StripHeard& heard, const StripRatios& ratios, bool is_input_moved) {
  std::optional<ClipMark> worst;
  if (is_input_moved) return worst;
  if (heard.clip && heard.clip->clipping.runs > 0) {
    const Clipping& clipping = heard.clip->clipping;
    ClipMark mark{LiveTap::clip, std::max(0.0, clipping.over.value), 0.0, clipping.runs};
    const auto place = std::ranges::max_element(
        clipping.places, {}, [](const ClippedRun& run) { return std::pair(run.over.value, run.frames); });
    if (place != clipping.places.end()) mark.at_s = place->seconds;
    take_worse(worst, mark);
  }
  const double trim_db = to_db(ratios.trim).value;
  const double both_db = trim_db + to_db(ratios.fader).value;
  for (const auto& [measure, tap, gain_db] : {std::tuple(&heard.insert_in, LiveTap::insert_in, trim_db),
                                              std::tuple(&heard.fader_out, LiveTap::fader_out, both_db)}) {
    if (!*measure) continue;
    const double over_db = (*measure)->sample_peak.value + gain_db;
    if (!(over_db > over_full_scale_db)) continue;
    take_worse(worst, {tap, over_db, loudest_s(heard.hop_peaks), runs_over(heard.hop_peaks, over_db)});
  }
  return worst;
}

Json to_json(const ClipMark& mark) {
  return {{"tap", to_string(mark.tap)}, {"over_db", mark.over_db}, {"at_s", mark.at_s}, {"runs", mark.runs}};
}

}  // namespace gainstage::desk
