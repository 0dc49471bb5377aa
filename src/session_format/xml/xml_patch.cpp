// SPDX-License-Identifier: MIT
#include "session_format/xml/xml_patch.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace gainstage {
namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

std::size_t line_at(std::string_view bytes, std::size_t offset) {
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(offset, bytes.size()));
  return 1 + static_cast<std::size_t>(std::count(bytes.begin(), end, '\n'));
}

tl::unexpected<Error> bad(std::string_view bytes, std::size_t offset, std::string sentence) {
  return failure(ErrorCode::bad_input, std::move(sentence), {.line = line_at(bytes, offset)});
}

// What `<?xml encoding="..."?>` says; empty where it says nothing.
std::string declared_encoding(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (!bytes.starts_with("<?xml")) return {};
  const std::string_view declaration = bytes.substr(0, bytes.find("?>"));
  std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  at = declaration.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const std::size_t end = declaration.find(declaration[at], at + 1);
  if (end == std::string_view::npos) return {};
  std::string name(declaration.substr(at + 1, end - at - 1));
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

Result<void> check_encoding(std::string_view bytes) {
  const bool is_wide = bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
                       bytes.substr(0, 4).find('\0') != std::string_view::npos;
  if (is_wide) {
    return bad(bytes, 0,
               "The XML is in UTF-16 or UTF-32; UTF-8 is expected. Save the session again as UTF-8.");
  }
  const std::string encoding = declared_encoding(bytes);
  if (!encoding.empty() && encoding != "UTF-8" && encoding != "UTF8" && encoding != "US-ASCII" &&
      encoding != "ASCII") {
    return bad(bytes, 0, fmt::format("The XML declares the encoding {}; UTF-8 is expected.", encoding));
  }
  if (const std::size_t at = bytes.find('\0'); at != std::string_view::npos) {
    return bad(bytes, at, fmt::format("Byte {} of the XML is zero, which no XML holds.", at));
  }
  if (const std::size_t at = find_broken_utf8(bytes); at != std::string_view::npos) {
    return bad(bytes, at,
               fmt::format("Byte {} of the XML is not UTF-8. Save the session again as UTF-8.", at));
  }
  return {};
}

Result<void> check_size(std::string_view bytes, const XmlLimits& limits) {
  if (bytes.size() > limits.bytes) {
    return failure(ErrorCode::bad_input,
                   fmt::format("The XML is {} bytes long; at most {} are read.", bytes.size(), limits.bytes));
  }
  const auto marks = std::count_if(bytes.begin(), bytes.end(), [](char c) { return c == '<' || c == '='; });
  if (static_cast<std::size_t>(marks) > limits.marks) {
    return failure(
        ErrorCode::bad_input,
        fmt::format("The XML holds {} tags and attributes; at most {} are read.", marks, limits.marks));
  }
  return {};
}

// Walks without recursion: the depth is what is not known yet.
Result<void> check_depth(const pugi::xml_document& document, std::string_view bytes,
                         const XmlLimits& limits) {
  std::size_t depth = 0;
  for (pugi::xml_node node = document.first_child(); node;) {
    if (depth > limits.depth) {
      return bad(
          bytes, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug())),
          fmt::format("The XML is nested more than {} elements deep, which no session is.", limits.depth));
    }
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      if (depth > 0) --depth;
    }
    if (node) node = node.next_sibling();
  }
  return {};
}

}  // namespace

// The Unicode Standard, table 3-7: well-formed UTF-8 byte sequences.
std::size_t find_broken_utf8(std::string_view bytes) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u;
  };
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0) return i;
    const unsigned lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(i + 1) < lowest || byte(i + 1) > highest) return i;
    for (std::size_t k = 2; k < length; ++k) {
      if (byte(i + k) < 0x80 || byte(i + k) > 0xBF) return i;
    }
    i += length;
  }
  return std::string_view::npos;
}

Result<XmlText> XmlText::read(std::string bytes, const XmlLimits& limits) {
  if (auto checked = check_size(bytes, limits); !checked) return tl::unexpected(checked.error());
  if (auto checked = check_encoding(bytes); !checked) return tl::unexpected(checked.error());
  auto document = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result parsed =
      document->load_buffer(bytes.data(), bytes.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) {
    return bad(bytes, static_cast<std::size_t>(parsed.offset),
               fmt::format("The XML can't be read: {} at byte {}.", parsed.description(), parsed.offset));
  }
  if (auto checked = check_depth(*document, bytes, limits); !checked) return tl::unexpected(checked.error());
  return XmlText(std::move(bytes), std::move(document));
}

std::size_t XmlText::line(pugi::xml_node element) const {
  return line_at(bytes_, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, element.offset_debug())));
}

Result<std::size_t> XmlText::name_end(pugi::xml_node element) const {
  const std::string_view name = element.name();
  const std::ptrdiff_t offset = element.offset_debug();
  if (offset <= 0 || name.empty() ||
      std::string_view(bytes_).substr(static_cast<std::size_t>(offset), name.size()) != name) {
    return failure(ErrorCode::bad_input,
                   fmt::format("The place of the element {} in the XML can't be told.", element.name()));
  }
  return static_cast<std::size_t>(offset) + name.size();
}

Result<ByteRange> XmlText::attribute_value(pugi::xml_node element, std::string_view name) const {
  const auto start = name_end(element);
  if (!start) return tl::unexpected(start.error());
  const std::string_view text = bytes_;
  std::size_t at = *start;
  // The parser has been here: between the element's name and the end of its tag there are attributes alone.
  while (true) {
    at = text.find_first_not_of(blanks, at);
    if (at == std::string_view::npos || text[at] == '>' || text[at] == '/') break;
    const std::size_t end = text.find_first_of(" \t\r\n=", at);
    if (end == std::string_view::npos) break;
    const std::string_view found = text.substr(at, end - at);
    const std::size_t quote = text.find_first_of("\"'", end);
    if (quote == std::string_view::npos) break;
    const std::size_t close = text.find(text[quote], quote + 1);
    if (close == std::string_view::npos) break;
    if (found == name) return ByteRange{quote + 1, close};
    at = close + 1;
  }
  // Without the line: who asks of many elements what few of them have would count the file's lines each time.
  return failure(ErrorCode::bad_input,
                 fmt::format("The element {} has no attribute {}.", element.name(), name));
}

Result<ByteRange> XmlText::text(pugi::xml_node element) const {
  const auto start = name_end(element);
  if (!start) return tl::unexpected(start.error());
  const std::string_view bytes = bytes_;
  const auto no_text = [&] {
    return failure(ErrorCode::bad_input,
                   fmt::format("The element {} does not hold text alone.", element.name()));
  };
  // The end of the tag; a '>' within quotes does not end it.
  std::size_t at = *start;
  char quote = 0;
  for (; at < bytes.size() && (quote != 0 || bytes[at] != '>'); ++at) {
    if (quote != 0) {
      if (bytes[at] == quote) quote = 0;
    } else if (bytes[at] == '"' || bytes[at] == '\'') {
      quote = bytes[at];
    }
  }
  if (at >= bytes.size() || bytes[at - 1] == '/') return no_text();
  const std::size_t begin = at + 1;
  const std::size_t end = bytes.find('<', begin);
  if (end == std::string_view::npos) return no_text();
  if (bytes.substr(end, 2) == "</") return ByteRange{begin, end};

  constexpr std::string_view open = "<![CDATA[";
  constexpr std::string_view close = "]]>";
  if (bytes.substr(end, open.size()) != open) return no_text();
  if (!std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
                   bytes.begin() + static_cast<std::ptrdiff_t>(end), is_blank)) {
    return no_text();
  }
  const std::size_t inner = end + open.size();
  const std::size_t last = bytes.find(close, inner);
  if (last == std::string_view::npos) return no_text();
  const std::size_t after = bytes.find_first_not_of(blanks, last + close.size());
  if (after == std::string_view::npos || bytes.substr(after, 2) != "</") return no_text();
  return ByteRange{inner, last};
}

Result<std::string> apply_edits(std::string_view bytes, std::vector<XmlEdit> edits) {
  std::sort(edits.begin(), edits.end(),
            [](const XmlEdit& a, const XmlEdit& b) { return a.where.begin < b.where.begin; });
  std::string patched;
  patched.reserve(bytes.size() + 16 * edits.size());
  std::size_t done = 0;
  for (const XmlEdit& edit : edits) {
    if (edit.where.begin < done || edit.where.end < edit.where.begin || edit.where.end > bytes.size()) {
      return failure(ErrorCode::usage,
                     fmt::format("Two changes meet at byte {} of the XML; one value can only "
                                 "be changed once.",
                                 edit.where.begin));
    }
    patched += bytes.substr(done, edit.where.begin - done);
    patched += edit.value;
    done = edit.where.end;
  }
  patched += bytes.substr(done);
  return patched;
}

std::string escaped_xml(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&apos;";
        break;
      case '\n':
        escaped += "&#10;";
        break;
      case '\r':
        escaped += "&#13;";
        break;
      case '\t':
        escaped += "&#9;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace gainstage
