// SPDX-License-Identifier: MIT
#include "session_format/ardour/numbers_in_bytes.h"

#include <charconv>
#include <cmath>

namespace gainstage::ardour {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// The words of a text in pairs; false: the last one is alone, or a second one is no number.
bool read_events(std::string_view text, std::size_t offset, std::vector<EventsInBytes::Event>& events) {
  std::size_t at = 0;
  const auto next = [&] {
    const std::size_t begin = std::min(text.find_first_not_of(blanks, at), text.size());
    at = std::min(text.find_first_of(blanks, begin), text.size());
    return ByteRange{begin, at};
  };
  while (true) {
    const ByteRange time = next();
    if (time.begin == time.end) return true;
    const ByteRange number = next();
    const auto value = to_number(text.substr(number.begin, number.end - number.begin));
    if (!value) return false;
    events.push_back({text.substr(time.begin, time.end - time.begin),
                      {{offset + number.begin, offset + number.end}, *value}});
  }
}

}  // namespace

std::optional<double> to_number(std::string_view text) {
  double value = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::optional<NumberInBytes> number_of(const XmlText& xml, pugi::xml_node node, const char* attribute) {
  if (!node.attribute(attribute)) return std::nullopt;  // To look for it in the bytes would count lines.
  const auto where = xml.attribute_value(node, attribute);
  if (!where) return std::nullopt;
  const auto value = to_number(std::string_view(xml.bytes()).substr(where->begin, where->end - where->begin));
  if (!value) return std::nullopt;
  return NumberInBytes{*where, *value};
}

std::optional<EventsInBytes> events_of(const XmlText& xml, pugi::xml_node events) {
  EventsInBytes found;
  if (!events.first_child()) return found;
  const auto where = xml.text(events);
  std::string_view text;
  if (where) text = std::string_view(xml.bytes()).substr(where->begin, where->end - where->begin);
  found.is_patchable = where && text.find('&') == std::string_view::npos;
  if (!read_events(found.is_patchable ? text : std::string_view(events.child_value()),
                   where ? where->begin : 0, found.events)) {
    return std::nullopt;
  }
  return found;
}

}  // namespace gainstage::ardour
