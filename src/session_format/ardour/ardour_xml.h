// SPDX-License-Identifier: MIT
// The syntax of an Ardour session: XML whose numbers can be found again in the bytes. For ardour only.
#pragma once

#include <cstddef>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gainstage::ardour {

/// A number as the file has it, and where: the bytes [offset, offset + length) are its text.
struct NumberInBytes {
  std::size_t offset = 0;
  std::size_t length = 0;
  double value = 0.0;
};

/// The text of an automation list: a time and a number for each point.
struct EventsInBytes {
  struct Event {
    std::string_view time;  ///< Into the bytes, or into the tree.
    NumberInBytes number;
  };
  std::vector<Event> events;
  bool is_patchable = true;  ///< False: the text stands there with entities, so `number` has no place.
};

/// A whole number of text: finite, without anything before or after it. NaN and infinity are none.
std::optional<double> to_number(std::string_view text);

bool is_utf8(std::string_view text);

/// Bytes and the tree pugixml made of them. pugixml expands no entities but XML's own five and reads no
/// document type, so a text that would grow stays as short as it is; it walks without recursion, and so do
/// we, a fixed number of levels down.
class XmlBytes {
 public:
  /// Refused with a sentence: more than 256 MB, elements or attributes beyond what any session has, text that
  /// is not UTF-8, what is not XML.
  static Result<XmlBytes> parse(std::string bytes);

  pugi::xml_node root() const { return document_.document_element(); }
  const std::string& bytes() const { return bytes_; }
  std::string take_bytes() { return std::move(bytes_); }

  /// The attribute's number and its place; absent where it has none, or it is written with entities.
  std::optional<NumberInBytes> number_of(pugi::xml_node node, const char* attribute) const;

  /// The points of an `events` element. Absent: a word is no number, or a time has none.
  std::optional<EventsInBytes> events_of(pugi::xml_node events) const;

  std::size_t line_of(pugi::xml_node node) const;

 private:
  std::string bytes_;
  pugi::xml_document document_;
};

}  // namespace gainstage::ardour
