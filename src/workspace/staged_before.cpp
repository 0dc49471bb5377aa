// SPDX-License-Identifier: MIT
#include "workspace/staged_before.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "report/report.h"
#include "workspace/text_file.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

/// Where every stage stands, by its name. Of names that are there twice the last counts.
std::map<std::string, double> stages_of(const SignalFlow& flow) {
  std::map<std::string, double> levels;
  const auto add = [&](StageRef stage) {
    const GainControl* const control = find_stage(flow, stage);
    if (!control) return;
    levels[stage_name(flow, stage)] = shown(*control).value;
  };
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    for (std::size_t c = 0; c < flow.strips[s].clips.size(); ++c) add({StageKind::clip, s, c});
    for (std::size_t c = 0; c < flow.strips[s].sends.size(); ++c) add({StageKind::send, s, c});
    add({StageKind::trim, s, 0});
    add({StageKind::fader, s, 0});
  }
  for (std::size_t v = 0; v < flow.vcas.size(); ++v) add({StageKind::vca, v, 0});
  return levels;
}

}  // namespace

Db shown(const GainControl& control) {
  const bool is_replaced = control.automation && control.playback == GainControl::Playback::replaces;
  return to_db(is_replaced ? control.greatest() : control.ratio);
}

bool is_as_staged(const DawSession& daw) {
  constexpr double tolerance_db = 0.01;
  const fs::path path(daw.path);
  const auto text = read_text((path.parent_path() / path.stem()).string() + ".report.json");
  const Json report = text ? Json::parse(*text, nullptr, false) : Json();
  if (!report.is_object() || report.value("schema", "") != report_schema) return false;
  const Json stages = report.value("stages", Json());
  const Json about = report.value("daw", Json());
  if (!stages.is_array() || !about.is_object() || about.value("written", Json()) != path.filename().string())
    return false;
  const std::map<std::string, double> now = stages_of(*daw.session.flow);
  return std::ranges::all_of(stages, [&](const Json& entry) {
    if (!entry.is_object() || !entry.contains("to_db") || !entry["to_db"].is_number()) return false;
    const auto found = now.find(entry.value("stage", ""));
    return found != now.end() && std::abs(found->second - entry["to_db"].get<double>()) <= tolerance_db;
  });
}

}  // namespace gainstage
