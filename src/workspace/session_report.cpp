// SPDX-License-Identifier: MIT
#include "workspace/session_report.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "workspace/down_stages.h"
#include "workspace/staged_before.h"

namespace gainstage {

ReportSession session_changes(const DawSession& before, const Placement& placement,
                              const PatchedSession& patched, const Session& after) {
  ReportSession report;
  report.format = to_string(before.document.format());
  report.file = std::filesystem::path(before.path).filename().string();
  const SignalFlow& flow = *before.session.flow;
  std::map<StageRef, std::string> whys;
  for (const StageMove& move : placement.moves) whys.try_emplace(move.change.stage, move.why);
  for (const StageChange& change : patched.applied) {
    const GainControl* const from = find_stage(before.document.flow(), change.stage);
    const GainControl* const to = find_stage(*after.flow, change.stage);
    if (!from || !to || (std::abs(change.gain.value) < 1e-9 && !is_down(*from))) continue;
    const bool is_vca = change.stage.kind == StageKind::vca;
    report.stages.push_back(
        {stage_name(flow, change.stage), change.stage.kind,
         is_vca ? flow.vcas[change.stage.strip].name : flow.strips[change.stage.strip].name, shown(*from),
         shown(*to), change.gain, from->automation.has_value(), whys[change.stage]});
  }
  for (const auto* losses : {&placement.losses, &patched.losses}) {
    for (const StageLoss& loss : *losses)
      report.losses.push_back({stage_name(flow, loss.stage), loss.gain, loss.sentence});
  }
  return report;
}

void take_flow_levels(Report& report, const Session& session, const FlowLevels& levels) {
  for (std::size_t i = 0; i < report.tracks.size(); ++i) {
    const StripLevels& strip = levels[*session.tracks[i].strip];
    ReportTrack& track = report.tracks[i];
    if (strip.trim_in) track.clip = *strip.trim_in;
    track.insert_in = strip.insert_in;
    if (track.insert_in && !track.plan.is_silent)
      *track.insert_in = turned(*track.insert_in, track.plan.nominal);
    if (!strip.fader_out) track.fader_out.reset();
  }
}

}  // namespace gainstage
