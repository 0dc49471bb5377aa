// SPDX-License-Identifier: MIT
#include "session_format/dawproject/project_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gainstage::dawproject {
namespace {

constexpr std::size_t most_steps = 4'000'000;
constexpr std::size_t most_notes = 1'000;
constexpr std::size_t most_attributes = 64;  // The format has at most 13 on an element.

std::string quoted(std::string_view text) {
  constexpr std::size_t most = 80;
  return text.size() <= most ? fmt::format("\"{}\"", text) : fmt::format("\"{}...\"", text.substr(0, most));
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Too small to be held is zero; too large is no number of a session.
  if (error == std::errc::result_out_of_range && end == text.data() + text.size()) {
    const std::size_t exponent = text.find_first_of("eE");
    if (exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-')) return 0.0;
    return std::nullopt;
  }
  if (error != std::errc{} || end != text.data() + text.size() || std::isnan(value)) return std::nullopt;
  return value;
}

ProjectReading::ProjectReading(const XmlText& xml) : xml_(xml) {
  // Every element, without recursion.
  for (pugi::xml_node node = xml.root(); node;) {
    // Attributes are looked for one after the other, and the same clip may be looked at again and again.
    std::size_t attributes = 0;
    for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute())
      ++attributes;
    if (attributes > most_attributes) {
      refuse(node, fmt::format("The element {} has {} attributes; at most {} are read.", node.name(),
                               attributes, most_attributes));
      return;
    }
    if (const pugi::xml_attribute id = node.attribute("id")) {
      if (!ids_.emplace(id.value(), node).second) twice_.insert(id.value());
    }
    if (node.first_child()) {
      node = node.first_child();
      continue;
    }
    while (node && node != xml.root() && !node.next_sibling()) node = node.parent();
    node = node == xml.root() ? pugi::xml_node() : node.next_sibling();
  }
}

void ProjectReading::refuse(pugi::xml_node element, std::string sentence) {
  if (problem_) return;
  problem_ =
      Error{ErrorCode::bad_input, std::move(sentence), {.file = "project.xml", .line = xml_.line(element)}};
}

void ProjectReading::note(const std::string& code, const std::string& strip, std::string sentence) {
  if (notes_.size() >= most_notes || !noted_.emplace(code, strip).second) return;
  notes_.push_back({code, strip, std::move(sentence)});
}

void ProjectReading::spend(std::size_t steps, pugi::xml_node element) {
  spent_ = spent_ > most_steps ? spent_ : spent_ + steps;
  if (spent_ > most_steps) {
    refuse(element,
           "The clips and curves repeat so often that there are more than can be laid out (200,000 clips).");
  }
}

std::optional<double> ProjectReading::optional_number(pugi::xml_node element, const char* name) {
  const pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) return std::nullopt;
  const auto value = parse_number(attribute.value());
  // A hundred thousand years: times and levels are far below, and stay exact in sums.
  if (!value || std::abs(*value) > 1e12) {
    refuse(element, fmt::format("{} of the element {} is {}; a finite number is expected.", name,
                                element.name(), quoted(attribute.value())));
    return std::nullopt;
  }
  return value;
}

double ProjectReading::number(pugi::xml_node element, const char* name, double otherwise) {
  return optional_number(element, name).value_or(otherwise);
}

bool ProjectReading::boolean(pugi::xml_node element, const char* name, bool otherwise) {
  const pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) return otherwise;
  const std::string_view text = attribute.value();
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  refuse(element, fmt::format("{} of the element {} is {}; true or false is expected.", name, element.name(),
                              quoted(text)));
  return otherwise;
}

TimeUnit ProjectReading::time_unit(pugi::xml_node element, const char* name, TimeUnit otherwise) {
  const pugi::xml_attribute attribute = element.attribute(name);
  if (!attribute) return otherwise;
  const std::string_view text = attribute.value();
  if (text == "beats") return TimeUnit::beats;
  if (text == "seconds") return TimeUnit::seconds;
  refuse(element, fmt::format("{} of the element {} is {}; beats or seconds is expected.", name,
                              element.name(), quoted(text)));
  return otherwise;
}

LevelUnit ProjectReading::level_unit(pugi::xml_node element, std::optional<LevelUnit> otherwise) {
  const pugi::xml_attribute attribute = element.attribute("unit");
  if (!attribute && otherwise) return *otherwise;
  const auto unit = parse_level_unit(attribute.value());
  if (!unit) {
    refuse(element, fmt::format("The unit of the element {} is {}; linear, decibel, normalized or percent is "
                                "expected for a level.",
                                element.name(), quoted(attribute.value())));
  }
  return unit.value_or(LevelUnit::linear);
}

double ProjectReading::ratio(pugi::xml_node element, const char* name, LevelUnit unit,
                             const std::string& what) {
  const std::string_view text = element.attribute(name).value();
  const auto value = parse_number(text);
  const auto ratio = value ? to_ratio(unit, *value) : std::nullopt;
  if (!ratio) {
    refuse(element,
           fmt::format("{} of {} is {} ({}); no level can be that.", name, what, quoted(text),
                       element.attribute("unit") ? element.attribute("unit").value() : element.name()));
  }
  return ratio.value_or(0.0);
}

pugi::xml_node ProjectReading::find(std::string_view id, const std::string& what) {
  const auto found = ids_.find(std::string(id));
  if (found == ids_.end()) {
    refuse(root(), fmt::format("{} refers to {}, and nothing in the session has that id.", what, quoted(id)));
    return {};
  }
  if (is_ambiguous(id)) {
    refuse(found->second,
           fmt::format("{} refers to {}, and several elements have that id.", what, quoted(id)));
  }
  return found->second;
}

double GainPlace::present_ratio() const {
  double highest = 0.0;
  for (const Value& value : values)
    highest = std::max(highest, to_ratio(value.unit, value.value).value_or(0.0));
  return highest;
}

}  // namespace gainstage::dawproject
