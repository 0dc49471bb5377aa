// SPDX-License-Identifier: MIT
#include "session_format/ardour/reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "session_format/ardour/ardour_automation.h"

namespace gainstage::ardour {

void Reading::refuse(pugi::xml_node node, const std::string& strip, std::string sentence) {
  if (problem) return;
  problem = Error{ErrorCode::bad_input, std::move(sentence), {"", strip, xml.line(node), {}}};
}

void Reading::note(std::string code, const std::string& strip, std::string sentence) {
  flow.notes.push_back({std::move(code), strip, std::move(sentence)});
}

double Reading::number(pugi::xml_node node, const char* attribute, double otherwise, const std::string& strip,
                       const std::string& what) {
  const pugi::xml_attribute found = node.attribute(attribute);
  if (!found) return otherwise;
  const auto value = to_number(found.value());
  if (!value) {
    refuse(node, strip, fmt::format("{} is '{:.40}'; expected a number.", what, found.value()));
    return otherwise;
  }
  return *value;
}

bool is_yes(pugi::xml_attribute attribute, bool otherwise) {
  const std::string_view text = attribute.as_string(otherwise ? "1" : "0");
  return text == "1" || text == "yes" || text == "true" || text == "y";
}

pugi::xml_node controllable(pugi::xml_node parent, const char* name) {
  for (const pugi::xml_node node : parent.children("Controllable")) {
    if (std::string_view(node.attribute("name").value()) == name) return node;
  }
  return {};
}

pugi::xml_node automation_list(pugi::xml_node parent, const char* id) {
  for (const pugi::xml_node node : parent.child("Automation").children("AutomationList")) {
    if (std::string_view(node.attribute("automation-id").value()) == id) return node;
  }
  return {};
}

GainControl read_gain(Reading& reading, pugi::xml_node control, pugi::xml_node list, const GainPlace& place) {
  GainControl gain;
  if (!control) return gain;
  gain.ratio = reading.number(control, "value", 1.0, place.strip, "The gain of " + place.what);
  if (gain.ratio < 0.0) {
    reading.refuse(
        control, place.strip,
        fmt::format("The gain of {} is {:g}; expected a ratio from 0 up.", place.what, gain.ratio));
  }
  StageInBytes stage;
  bool is_writable = true;
  if (const auto number = number_of(reading.xml, control, "value")) {
    stage.numbers.push_back(*number);
  } else {
    is_writable = false;
  }
  if (is_playing(list)) {
    auto read =
        read_automation(reading, list, place.limits, AutomationScale::ardour_fader, place.strip, place.what);
    is_writable = is_writable && read.is_patchable;
    stage.numbers.insert(stage.numbers.end(), read.numbers.begin(), read.numbers.end());
    gain.automation = smoothed(std::move(read.automation));
  }
  stage.least_played = stage.greatest_played = gain.ratio;
  if (gain.automation) {
    const auto [least, greatest] = std::ranges::minmax(gain.automation->points, {}, &AutomationPoint::value);
    stage.least_played = least.value;
    stage.greatest_played = greatest.value;
  }
  if (is_writable) {
    stage.least = place.limits.least;
    stage.greatest = place.limits.greatest;
    gain.writable = GainControl::Range{place.limits.greatest};
    reading.stages[place.stage] = std::move(stage);
  }
  return gain;
}

}  // namespace gainstage::ardour
