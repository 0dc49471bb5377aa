// SPDX-License-Identifier: MIT
#include "workspace/down_stages.h"

#include <algorithm>

#include "engine/strip_reader.h"
#include "mix/flow_paths.h"
#include "session/audible_strips.h"

namespace gainstage {
namespace {

constexpr std::size_t most_ways = 4096;  // Of a track; who has more is not looked through.

bool is_replaced(const GainControl& control) {
  return control.automation && control.playback == GainControl::Playback::replaces;
}

}  // namespace

bool is_down(const GainControl& control) {
  if (!control.writable) return false;
  return (is_replaced(control) ? control.greatest() : control.ratio) == 0.0;
}

Db base_of(const GainControl& control) {
  return control.writable ? std::min(Db{}, to_db(control.writable->greatest_ratio)) : Db{};
}

std::vector<StageRef> down_stages(const SignalFlow& flow) {
  std::vector<StageRef> stages;
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    if (is_down(flow.strips[s].trim)) stages.push_back({StageKind::trim, s, 0});
    if (is_down(flow.strips[s].fader)) stages.push_back(fader_of(flow, s));
  }
  for (std::size_t v = 0; v < flow.vcas.size(); ++v) {
    if (is_down(flow.vcas[v].gain)) stages.push_back({StageKind::vca, v, 0});
  }
  return stages;
}

void bring_up(SignalFlow& flow, std::span<const StageRef> stages) {
  for (const StageRef& stage : stages) {
    GainControl& control = *find_stage(flow, stage);
    control.ratio = to_ratio(base_of(control));
    if (!is_replaced(control)) continue;
    for (AutomationPoint& point : control.automation->points) point.value = control.ratio;
  }
}

void take_stages_of(SignalFlow& flow, const SignalFlow& other, std::span<const StageRef> stages) {
  for (const StageRef& stage : stages) *find_stage(flow, stage) = *find_stage(other, stage);
}

std::vector<StageChange> from_base(std::vector<StageChange> changes, std::span<const StageRef> stages,
                                   const SignalFlow& flow) {
  for (const StageRef& stage : stages) {
    const Db base = base_of(*find_stage(flow, stage));
    const auto found = std::ranges::find(changes, stage, &StageChange::stage);
    StageChange& change = found == changes.end() ? changes.emplace_back() : *found;
    change = {stage, base + change.gain, StageChange::From::zero_db};
  }
  return changes;
}

bool do_silence_all(const Session& session, std::span<const StageRef> stages) {
  const SignalFlow& flow = *session.flow;
  const auto is_one = [&](const StageRef& stage) { return std::ranges::find(stages, stage) != stages.end(); };
  const auto is_silent = [&](const FlowStep& step) {
    if (is_one({StageKind::trim, step.strip, 0})) return true;
    if (!step.is_by_fader) return false;
    const auto vcas = followed_vcas(flow, flow.strips[step.strip]);
    return is_one(fader_of(flow, step.strip)) || std::ranges::any_of(vcas, [&](std::size_t vca) {
             return is_one({StageKind::vca, vca, 0});
           });
  };
  std::vector<bool> is_printed;
  for (const std::string& path : printed_stems(session)) is_printed.push_back(!path.empty());
  const FlowPaths paths(flow, std::move(is_printed));
  bool is_any = false;
  for (const Track& track : session.tracks) {
    const auto ways = paths.ways(*track.strip, most_ways);
    if (!ways) return false;
    for (const FlowWay& way : *ways) {
      if (std::ranges::none_of(way, is_silent)) return false;
      is_any = true;
    }
  }
  return is_any;
}

}  // namespace gainstage
