// SPDX-License-Identifier: MIT
// The syntax of project.xml: attributes as numbers, switches and references, complaints and notes with a
// place.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "session/signal_flow.h"
#include "session_format/dawproject/level_unit.h"
#include "session_format/dawproject/tempo_map.h"
#include "session_format/xml/xml_patch.h"

namespace gainstage::dawproject {

/// Whole number and nothing else: "1e-3", "inf" and "-inf", never "0,5" or "1 dB". Absent: no such number.
std::optional<double> parse_number(std::string_view text);

/// One reading of a project. What is found first that can't be read ends it; what is read otherwise goes into
/// notes.
class ProjectReading {
 public:
  explicit ProjectReading(const XmlText& xml);

  pugi::xml_node root() const { return xml_.root(); }

  /// Attributes. Absent: as the caller says; anything that does not fit: refused.
  double number(pugi::xml_node element, const char* name, double otherwise);
  std::optional<double> optional_number(pugi::xml_node element, const char* name);
  bool boolean(pugi::xml_node element, const char* name, bool otherwise);
  TimeUnit time_unit(pugi::xml_node element, const char* name, TimeUnit otherwise);
  LevelUnit level_unit(pugi::xml_node element, std::optional<LevelUnit> otherwise);
  /// Of an attribute that holds a level; refuses what is none. `what` names the control.
  double ratio(pugi::xml_node element, const char* name, LevelUnit unit, const std::string& what);

  /// The element with that id. Refuses where there is none, or two; `what` names what refers to it.
  pugi::xml_node find(std::string_view id, const std::string& what);
  bool is_ambiguous(std::string_view id) const { return twice_.contains(std::string(id)); }

  void refuse(pugi::xml_node element, std::string sentence);
  bool is_refused() const { return problem_.has_value(); }
  const Error& problem() const { return *problem_; }

  /// Once for each code and strip.
  void note(const std::string& code, const std::string& strip, std::string sentence);
  std::vector<FlowNote> take_notes() { return std::move(notes_); }

  /// Counts what grows faster than the file: repeated clips, curves that are cut up. Refuses beyond all
  /// reason.
  void spend(std::size_t steps, pugi::xml_node element);

 private:
  const XmlText& xml_;
  std::unordered_map<std::string, pugi::xml_node> ids_;
  std::set<std::string> twice_;
  std::optional<Error> problem_;
  std::set<std::pair<std::string, std::string>> noted_;
  std::vector<FlowNote> notes_;
  std::size_t spent_ = 0;
};

/// Where one gain stage stands in the XML: the `value` attributes that move together.
struct GainPlace {
  struct Value {
    pugi::xml_node element;
    LevelUnit unit = LevelUnit::linear;
    double value = 0.0;
  };
  std::vector<Value> values;
  double greatest_ratio = 0.0;  ///< That the format holds.

  /// The highest of the values as a ratio.
  double present_ratio() const;
};
using GainPlaces = std::map<StageRef, GainPlace>;
/// The parameter that mutes a strip.
using MutePlaces = std::map<std::size_t, pugi::xml_node>;

}  // namespace gainstage::dawproject
