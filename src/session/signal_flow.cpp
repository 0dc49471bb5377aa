// SPDX-License-Identifier: MIT
#include "session/signal_flow.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gainstage {

double GainControl::ratio_at(double seconds) const {
  if (!automation) return ratio;
  const double value = automation->value_at(seconds);
  return playback == Playback::replaces ? value : ratio * value;
}

double GainControl::greatest() const {
  if (!automation) return ratio;
  double most = 0.0;
  for (const AutomationPoint& point : automation->points) most = std::max(most, point.value);
  return playback == Playback::replaces ? most : ratio * most;
}

double GainControl::least() const {
  if (!automation) return ratio;
  double value = automation->points.front().value;
  for (const AutomationPoint& point : automation->points) value = std::min(value, point.value);
  return playback == Playback::replaces ? value : ratio * value;
}

const GainControl* find_stage(const SignalFlow& flow, const StageRef& stage) {
  const auto item = [&](const auto& list) { return stage.item < list.size() ? &list[stage.item] : nullptr; };
  if (stage.kind == StageKind::source)
    return stage.strip < flow.sources.size() ? &flow.sources[stage.strip].gain : nullptr;
  if (stage.kind == StageKind::vca)
    return stage.strip < flow.vcas.size() ? &flow.vcas[stage.strip].gain : nullptr;
  if (stage.strip >= flow.strips.size()) return nullptr;
  const Strip& strip = flow.strips[stage.strip];
  switch (stage.kind) {
    case StageKind::clip:
      return item(strip.clips) ? &item(strip.clips)->gain : nullptr;
    case StageKind::take:
      return item(strip.clips) && item(strip.clips)->take_gain ? &*item(strip.clips)->take_gain : nullptr;
    case StageKind::trim:
      return &strip.trim;
    case StageKind::send:
      return item(strip.sends) ? &item(strip.sends)->gain : nullptr;
    case StageKind::output:
      return item(strip.outputs) ? &item(strip.outputs)->gain : nullptr;
    case StageKind::fader:
    case StageKind::master:
      return &strip.fader;
    case StageKind::source:
    case StageKind::vca:
      break;
  }
  return nullptr;
}

GainControl* find_stage(SignalFlow& flow, const StageRef& stage) {
  return const_cast<GainControl*>(find_stage(std::as_const(flow), stage));
}

StageRef fader_of(const SignalFlow& flow, std::size_t strip) {
  return {strip == flow.master ? StageKind::master : StageKind::fader, strip, 0};
}

std::string stage_name(const SignalFlow& flow, const StageRef& stage) {
  if (stage.kind == StageKind::source) return "source " + flow.sources[stage.strip].name;
  if (stage.kind == StageKind::vca) return "VCA " + flow.vcas[stage.strip].name;
  const Strip& strip = flow.strips[stage.strip];
  switch (stage.kind) {
    case StageKind::clip:
      return strip.name + ": clip " + strip.clips[stage.item].name;
    case StageKind::take:
      return strip.name + ": take " + strip.clips[stage.item].name;
    case StageKind::trim:
      return strip.name + ": trim";
    case StageKind::send:
      return strip.name + ": send to " + flow.strips[strip.sends[stage.item].to].name;
    case StageKind::output:
      return strip.name + ": output";
    default:
      return strip.name + ": fader";
  }
}

std::string_view to_string(StageKind kind) {
  constexpr std::array<std::string_view, 9> names{"source", "clip",   "take", "trim",  "fader",
                                                  "send",   "output", "vca",  "master"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(StripKind kind) {
  constexpr std::array<std::string_view, 4> names{"track", "bus", "folder", "master"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace gainstage
