// SPDX-License-Identifier: MIT
// XML whose bytes stay as they are: elements to look at, and where in the bytes each value stands, so that a
// value can be replaced and nothing else moves.
#pragma once

#include <cstddef>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gainstage {

struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< One past the last byte.
};

/// One value that is replaced: bytes as they shall stand, see escaped_xml().
struct XmlEdit {
  ByteRange where;
  std::string value;
};

/// What is taken from a stranger before memory, time or stack are at risk.
struct XmlLimits {
  std::size_t bytes = std::size_t{256} << 20;
  std::size_t marks = 12'000'000;  ///< '<' and '=' together: no more elements and attributes than these.
  std::size_t depth = 200;         ///< Of nested elements, so whoever walks them may recurse.
};

/// Bytes of UTF-8 XML with their elements. Declared entities are not expanded, nothing outside is read.
class XmlText {
 public:
  static Result<XmlText> read(std::string bytes, const XmlLimits& limits = {});

  const std::string& bytes() const { return bytes_; }
  pugi::xml_node root() const { return document_->document_element(); }

  /// Between the quotes of the element's attribute of that name (the first one, as pugixml takes it).
  Result<ByteRange> attribute_value(pugi::xml_node element, std::string_view name) const;
  /// Between the tags of an element that holds text alone, or inside its one CDATA section.
  Result<ByteRange> text(pugi::xml_node element) const;
  /// 1 for the first line.
  std::size_t line(pugi::xml_node element) const;

 private:
  XmlText(std::string bytes, std::unique_ptr<pugi::xml_document> document)
      : bytes_(std::move(bytes)), document_(std::move(document)) {}
  Result<std::size_t> name_end(pugi::xml_node element) const;

  std::string bytes_;
  std::unique_ptr<pugi::xml_document> document_;
};

/// The bytes with the edits made, in any order. Fails where two of them overlap or one lies outside.
Result<std::string> apply_edits(std::string_view bytes, std::vector<XmlEdit> edits);

/// A text as it stands between quotes of either kind, or between tags.
std::string escaped_xml(std::string_view text);

/// Index of the first byte that is not part of well-formed UTF-8; npos: all is.
std::size_t find_broken_utf8(std::string_view bytes);

}  // namespace gainstage
