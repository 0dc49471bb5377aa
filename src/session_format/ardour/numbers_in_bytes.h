// SPDX-License-Identifier: MIT
// Numbers of an Ardour session, and where they stand in its bytes. For ardour only.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "session_format/xml/xml_patch.h"

namespace gainstage::ardour {

struct NumberInBytes {
  ByteRange where;
  double value = 0.0;
};

/// The text of an automation list: a time and a number for each point.
struct EventsInBytes {
  struct Event {
    std::string_view time;  ///< Into the bytes, or into the tree.
    NumberInBytes number;
  };
  std::vector<Event> events;
  bool is_patchable = true;  ///< False: the text is written with entities, so the numbers have no place.
};

/// A whole number of text: finite, without anything before or after it. NaN and infinity are none.
std::optional<double> to_number(std::string_view text);

/// The attribute's number and its place; absent where it has none, or it is written with entities.
std::optional<NumberInBytes> number_of(const XmlText& xml, pugi::xml_node node, const char* attribute);

/// The points of an `events` element. Absent: a word is no number, or a time has none.
std::optional<EventsInBytes> events_of(const XmlText& xml, pugi::xml_node events);

}  // namespace gainstage::ardour
