// SPDX-License-Identifier: MIT
// The Points of a project by what they move, and what they mean over the session's seconds.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "session_format/dawproject/project_xml.h"

namespace gainstage::dawproject {

/// Where the time 0 of a timeline lies, and in what its times are counted.
struct Placement {
  TimeUnit unit = TimeUnit::beats;
  double zero = 0.0;  ///< In that unit, from the session's start.

  double seconds(const TempoMap& tempo, double time) const {
    return unit == TimeUnit::beats ? tempo.seconds(zero + time) : zero + time;
  }
  double time(const TempoMap& tempo, double seconds) const {
    return (unit == TimeUnit::beats ? tempo.beats(seconds) : seconds) - zero;
  }
  /// The same place counted in that unit.
  Placement in(const TempoMap& tempo, TimeUnit other) const {
    if (other == unit) return *this;
    const double at = seconds(tempo, 0.0);
    return {other, other == TimeUnit::beats ? tempo.beats(at) : at};
  }
};

/// What a Points element moves: its first element, as the schema has it.
pugi::xml_node target_of(pugi::xml_node points);

/// By the tempo of the transport, or its automation.
TempoMap read_tempo(ProjectReading& reading);

/// The RealPoints of a Points element, their `value` attributes as ratios of that unit.
std::optional<Automation> read_level_points(ProjectReading& reading, const TempoMap& tempo,
                                            pugi::xml_node points, const Placement& place, LevelUnit unit,
                                            const std::string& what, const std::string& strip);

class AutomationIndex {
 public:
  AutomationIndex(ProjectReading& reading, const TempoMap& tempo);

  /// Of the parameter with that id, over the session's time. Absent: it stands still. Automation within a
  /// clip is not played: a note says so.
  std::optional<Automation> levels(const std::string& id, LevelUnit unit, const std::string& what,
                                   const std::string& strip);
  /// Of a position: `to_position` makes -1 .. 1 of a point's value.
  template <typename ToPosition>
  std::optional<Automation> positions(const std::string& id, const std::string& what,
                                      const std::string& strip, ToPosition to_position) {
    auto curve = plain(id, "RealPoint", what, strip);
    if (curve) {
      for (AutomationPoint& point : curve->points) point.value = to_position(point.value);
    }
    return curve;
  }
  /// Of a switch: 0 or 1, held.
  std::optional<Automation> switches(const std::string& id, const std::string& what,
                                     const std::string& strip);

  /// Every Points element that moves the parameter, wherever it stands.
  std::vector<pugi::xml_node> all(const std::string& id) const;

 private:
  struct Found {
    pugi::xml_node points;
    Placement place;
    bool is_in_clip = false;
  };
  void collect(pugi::xml_node node, TimeUnit unit, bool is_in_clip);
  const Found* played(const std::string& id, const std::string& what, const std::string& strip);
  std::optional<Automation> plain(const std::string& id, const char* kind, const std::string& what,
                                  const std::string& strip);

  ProjectReading& reading_;
  const TempoMap& tempo_;
  std::unordered_map<std::string, std::vector<Found>> found_;
};

}  // namespace gainstage::dawproject
