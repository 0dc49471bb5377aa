// SPDX-License-Identifier: MIT
#include "session_format/dawproject/automation_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace gainstage::dawproject {
namespace {

struct RawPoint {
  double time = 0.0;
  double value = 0.0;
  AutomationShape shape = AutomationShape::hold;
};

// Interpolation holds where nothing else is said (the format's reference, RealPoint).
AutomationShape shape_of(ProjectReading& reading, pugi::xml_node point) {
  const std::string_view name = point.attribute("interpolation").value();
  if (name == "linear") return AutomationShape::linear;
  if (!name.empty() && name != "hold") {
    reading.note("interpolation", "",
                 fmt::format("The interpolation '{}' is not known; it is taken as hold.", name));
  }
  return AutomationShape::hold;
}

// By time. Points out of order are put in order, those of equal time stay in theirs.
void order(ProjectReading& reading, std::vector<RawPoint>& points, const std::string& what,
           const std::string& strip) {
  const auto earlier = [](const RawPoint& a, const RawPoint& b) { return a.time < b.time; };
  if (std::is_sorted(points.begin(), points.end(), earlier)) return;
  std::stable_sort(points.begin(), points.end(), earlier);
  reading.note("unordered-automation", strip,
               fmt::format("The points of {} are not in order of time.", what));
}

// Straight between two points means straight over the timeline's unit. Where that is beats and the tempo
// moves, the line has corners in seconds.
std::optional<Automation> over_seconds(ProjectReading& reading, const TempoMap& tempo, pugi::xml_node element,
                                       const std::vector<RawPoint>& points, const Placement& place,
                                       AutomationScale scale) {
  if (points.empty() || reading.is_refused()) return std::nullopt;
  Automation curve{.scale = scale, .points = {}};
  const auto& knots = tempo.knots();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const RawPoint& from = points[i];
    curve.points.push_back({place.seconds(tempo, from.time), from.value, from.shape});
    if (i + 1 == points.size() || from.shape == AutomationShape::hold || place.unit == TimeUnit::seconds)
      continue;
    const RawPoint& to = points[i + 1];
    const double length = to.time - from.time;
    const bool is_through_silence =
        scale == AutomationScale::decibels && !(from.value > 0.0 && to.value > 0.0);
    if (!(length > 0.0) || is_through_silence) continue;
    for (auto knot = std::upper_bound(knots.begin(), knots.end(), place.zero + from.time);
         knot != knots.end() && *knot < place.zero + to.time; ++knot) {
      const double part = (*knot - place.zero - from.time) / length;
      const double value = scale == AutomationScale::decibels
                               ? from.value * std::pow(to.value / from.value, part)
                               : from.value + part * (to.value - from.value);
      curve.points.push_back({tempo.seconds(*knot), value, from.shape});
    }
  }
  reading.spend(curve.points.size(), element);
  return curve;
}

}  // namespace

pugi::xml_node target_of(pugi::xml_node points) {
  for (const pugi::xml_node child : points.children()) {
    if (child.type() == pugi::node_element) {
      return std::string_view(child.name()) == "Target" ? child : pugi::xml_node();
    }
  }
  return {};
}

TempoMap read_tempo(ProjectReading& reading) {
  const pugi::xml_node project = reading.root();
  const pugi::xml_node parameter = project.child("Transport").child("Tempo");
  const double bpm = reading.number(parameter, "value", 120.0);
  std::vector<TempoPoint> points{{.bpm = bpm}};
  const pugi::xml_node automation = project.child("Arrangement").child("TempoAutomation");
  const TimeUnit unit = reading.time_unit(automation, "timeUnit", TimeUnit::beats);
  if (automation.child("RealPoint")) {
    points.clear();  // Some applications state the tempo here alone.
  } else if (!parameter) {
    reading.note("no-tempo", "", "The session states no tempo; 120 bpm are taken where it counts in beats.");
  }
  for (const pugi::xml_node point : automation.children("RealPoint")) {
    points.push_back({.time = reading.number(point, "time", 0.0),
                      .bpm = reading.number(point, "value", bpm),
                      .is_ramp = shape_of(reading, point) == AutomationShape::linear});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const TempoPoint& a, const TempoPoint& b) { return a.time < b.time; });
  if (reading.is_refused()) return TempoMap();
  auto map = TempoMap::read(points, unit);
  if (!map) {
    reading.refuse(automation ? automation : parameter, map.error().sentence);
    return TempoMap();
  }
  return *std::move(map);
}

std::optional<Automation> read_level_points(ProjectReading& reading, const TempoMap& tempo,
                                            pugi::xml_node points, const Placement& place, LevelUnit unit,
                                            const std::string& what, const std::string& strip) {
  std::vector<RawPoint> raw;
  for (const pugi::xml_node point : points.children("RealPoint")) {
    raw.push_back({reading.number(point, "time", 0.0), reading.ratio(point, "value", unit, what),
                   shape_of(reading, point)});
    if (reading.is_refused()) return std::nullopt;
  }
  order(reading, raw, what, strip);
  return over_seconds(reading, tempo, points, raw, place,
                      unit == LevelUnit::decibel ? AutomationScale::decibels : AutomationScale::value);
}

AutomationIndex::AutomationIndex(ProjectReading& reading, const TempoMap& tempo)
    : reading_(reading), tempo_(tempo) {
  // The format's reference: where no time unit is stated, beats.
  collect(reading.root().child("Arrangement"), TimeUnit::beats, false);
  collect(reading.root().child("Scenes"), TimeUnit::beats, true);
}

// The depth of the XML is bounded, so this may recurse.
void AutomationIndex::collect(pugi::xml_node node, TimeUnit unit, bool is_in_clip) {
  const std::string_view name = node.name();
  if (name == "TempoAutomation" || name == "TimeSignatureAutomation") return;
  unit = reading_.time_unit(node, "timeUnit", unit);
  if (name == "Clip" || name == "ClipSlot") is_in_clip = true;
  if (name == "Points") {
    const pugi::xml_attribute parameter = target_of(node).attribute("parameter");
    if (parameter) found_[parameter.value()].push_back({node, {unit, 0.0}, is_in_clip});
    return;
  }
  for (const pugi::xml_node child : node.children()) collect(child, unit, is_in_clip);
}

const AutomationIndex::Found* AutomationIndex::played(const std::string& id, const std::string& what,
                                                      const std::string& strip) {
  const auto place = found_.find(id);
  if (id.empty() || place == found_.end()) return nullptr;
  if (reading_.is_ambiguous(id)) {
    reading_.refuse(place->second.front().points,
                    fmt::format("An automation moves \"{}\", and several elements have that id.", id));
    return nullptr;
  }
  const Found* first = nullptr;
  for (const Found& found : place->second) {
    if (found.is_in_clip) {
      reading_.note(
          "clip-automation", strip,
          fmt::format("Clips hold automation of {}; only that of the arrangement is played.", what));
    } else if (first) {
      reading_.note("second-automation", strip,
                    fmt::format("{} is automated twice; the first one is played.", what));
    } else {
      first = &found;
    }
  }
  return first;
}

std::optional<Automation> AutomationIndex::levels(const std::string& id, LevelUnit unit,
                                                  const std::string& what, const std::string& strip) {
  const Found* found = played(id, what, strip);
  if (!found) return std::nullopt;
  return read_level_points(reading_, tempo_, found->points, found->place,
                           reading_.level_unit(found->points, unit), what, strip);
}

std::optional<Automation> AutomationIndex::plain(const std::string& id, const char* kind,
                                                 const std::string& what, const std::string& strip) {
  const Found* found = played(id, what, strip);
  if (!found) return std::nullopt;
  const bool is_switch = std::string_view(kind) == "BoolPoint";
  std::vector<RawPoint> raw;
  for (const pugi::xml_node point : found->points.children(kind)) {
    const double value = is_switch ? (reading_.boolean(point, "value", false) ? 1.0 : 0.0)
                                   : reading_.number(point, "value", 0.0);
    raw.push_back({reading_.number(point, "time", 0.0), value,
                   is_switch ? AutomationShape::hold : shape_of(reading_, point)});
    if (reading_.is_refused()) return std::nullopt;
  }
  order(reading_, raw, what, strip);
  return over_seconds(reading_, tempo_, found->points, raw, found->place, AutomationScale::value);
}

std::optional<Automation> AutomationIndex::switches(const std::string& id, const std::string& what,
                                                    const std::string& strip) {
  return plain(id, "BoolPoint", what, strip);
}

std::vector<pugi::xml_node> AutomationIndex::all(const std::string& id) const {
  std::vector<pugi::xml_node> nodes;
  const auto place = found_.find(id);
  if (id.empty() || place == found_.end()) return nodes;
  for (const Found& found : place->second) nodes.push_back(found.points);
  return nodes;
}

}  // namespace gainstage::dawproject
