// SPDX-License-Identifier: MIT
#include "session_format/reaper/envelope.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gainstage {
namespace {

// The range of volume envelopes is a preference of the application, not of the project: +6 dB unless changed,
// else +12 or +24.
double range_for(double greatest) {
  for (const double range : {2.0, 4.0, 16.0}) {
    if (greatest <= range) return range;
  }
  return greatest;
}

AutomationShape shape_of(Reading& reading, long shape, long default_shape, const std::string& strip) {
  const long known = shape == -1 ? default_shape : shape;
  if (known >= 0 && known <= 5)
    return static_cast<AutomationShape>(std::array<AutomationShape, 6>{
        AutomationShape::linear, AutomationShape::hold, AutomationShape::slow_start_end,
        AutomationShape::fast_start, AutomationShape::fast_end,
        AutomationShape::bezier}[static_cast<std::size_t>(known)]);
  reading.note(
      "envelope-shape", strip,
      fmt::format("{}: an envelope has points of a shape {} that is not known; they are taken as linear.",
                  strip, known));
  return AutomationShape::linear;
}

double value_of(Reading& reading, const RppWords& words, EnvelopeKind kind) {
  switch (kind) {
    case EnvelopeKind::gain:
      return reading.gain(words, 2, 1.0);
    case EnvelopeKind::pan:
      return -reading.pan(words, 2);
    case EnvelopeKind::mute:
      return 1.0 - std::clamp(reading.number(words, 2, 1.0), 0.0, 1.0);
  }
  return 0.0;
}

}  // namespace

Envelope read_envelope(Reading& reading, std::size_t block, EnvelopeKind kind, const std::string& strip) {
  const RppTree& tree = reading.tree;
  Envelope envelope;
  bool is_active = true;
  long default_shape = 0;
  double greatest = 0.0;
  std::vector<AutomationPoint>& points = envelope.automation.points;
  for (std::size_t i = tree.first(block); i < tree.end(block) && !reading.error; i = tree.next(i)) {
    const std::string_view name = tree.name(i);
    if (name == "PT") {
      if (!reading.count(Counted::points, i)) break;
      const RppWords words = tree.words(i);
      AutomationPoint point;
      point.seconds = reading.number(words, 1, 0.0);
      point.value = value_of(reading, words, kind);
      point.shape = shape_of(reading, reading.whole_number(words, 3, -1), default_shape, strip);
      if (point.shape == AutomationShape::bezier) point.tension = reading.number(words, 7, 0.0);
      if (kind == EnvelopeKind::gain && words.has(2)) envelope.values.push_back(*gain_place(words, 2));
      greatest = std::max(greatest, point.value);
      points.push_back(point);
    } else if (name == "ACT") {
      is_active = reading.whole_number(tree.words(i), 1, 1) != 0;
    } else if (name == "DEFSHAPE") {
      default_shape = reading.whole_number(tree.words(i), 1, 0);
    } else if (name == "VOLTYPE") {
      if (kind == EnvelopeKind::gain && reading.whole_number(tree.words(i), 1, 0) == 1) {
        envelope.automation.scale = AutomationScale::reaper_fader;
      }
    } else if (name == "POOLEDENVINST") {
      envelope.has_items = true;
    }
  }
  if (!is_active) return {};
  if (envelope.has_items) {
    reading.note(
        "automation-item", strip,
        fmt::format("{}: an envelope has automation items, which are not read; its level is not what REAPER "
                    "plays where they lie. Glue or delete them in REAPER.",
                    strip));
  }
  const auto is_before = [](const AutomationPoint& a, const AutomationPoint& b) {
    return a.seconds < b.seconds;
  };
  if (!std::is_sorted(points.begin(), points.end(), is_before)) {
    reading.note(
        "envelope-order", strip,
        fmt::format("{}: an envelope's points are not in order of time; they are played in order.", strip));
    std::stable_sort(points.begin(), points.end(), is_before);
  }
  envelope.greatest = range_for(greatest);
  for (ReaperGainPlace& place : envelope.values) place.greatest = envelope.greatest;
  return envelope;
}

AutomationMode automation_mode(Reading& reading, long mode, long global_mode, const std::string& strip) {
  const long played = global_mode >= 0 ? global_mode : mode;
  if (played == 6) return AutomationMode::bypassed;
  if (played == 0) return AutomationMode::multiplies;
  if (played == 3 || played > 4 || played < 0) {
    reading.note(
        "automation-mode", strip,
        fmt::format(
            "{}: its automation mode is {}, in which playing changes what is heard; its envelopes are "
            "taken as read. Set it to trim/read or read in REAPER.",
            strip, played == 3 ? "write" : "latch preview or an unknown one"));
  }
  return AutomationMode::replaces;
}

void set_control(Reading& reading, const StageRef& stage, GainControl& control, double ratio,
                 const std::optional<ReaperGainPlace>& place, const Envelope& envelope, AutomationMode mode) {
  control.ratio = ratio;
  if (place) reading.add_place(stage, *place);
  if (!envelope.is_played() || mode == AutomationMode::bypassed) {
    if (place) control.writable = GainControl::Range{greatest_reaper_gain};
    return;
  }
  control.automation = envelope.automation;
  if (mode == AutomationMode::multiplies) {
    control.playback = GainControl::Playback::multiplies;
    if (place) control.writable = GainControl::Range{greatest_reaper_gain};
    return;
  }
  control.playback = GainControl::Playback::replaces;
  if (envelope.has_items || envelope.values.size() != envelope.automation.points.size()) return;
  for (const ReaperGainPlace& value : envelope.values) reading.add_place(stage, value);
  control.writable = GainControl::Range{envelope.greatest};
}

}  // namespace gainstage
