// SPDX-License-Identifier: MIT
#include "session_format/ardour/ardour_xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace gainstage::ardour {
namespace {

constexpr std::size_t most_bytes = std::size_t{256} << 20;
// A session of hours with hundreds of tracks has a tenth of these. They bound the tree's memory.
constexpr std::size_t most_elements = 4'000'000;
constexpr std::size_t most_attributes = 12'000'000;

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

tl::unexpected<Error> refuse(std::string sentence, std::optional<std::size_t> line = {}) {
  return failure(ErrorCode::bad_input, std::move(sentence), {"", "", line, {}});
}

std::size_t line_at(std::string_view bytes, std::size_t offset) {
  const auto before = bytes.substr(0, std::min(offset, bytes.size()));
  return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

/// Where the first byte is that is not part of UTF-8 (RFC 3629, section 4); npos: none.
std::size_t first_not_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<std::uint8_t>(text[i]) : std::uint8_t{0};
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = lead >= 0xC2 && lead <= 0xDF   ? 1
                             : lead >= 0xE0 && lead <= 0xEF ? 2
                             : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                            : 0;
    if (more == 0) return i;
    const std::uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t greatest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(i + 1) < least || byte(i + 1) > greatest) return i;
    for (std::size_t k = 2; k <= more; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return i;
    }
    i += 1 + more;
  }
  return std::string_view::npos;
}

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Of an attribute within the start tag whose name begins at `name`.
std::optional<Range> value_range(std::string_view bytes, std::size_t name, std::string_view attribute) {
  std::size_t i = name;
  const auto skip_spaces = [&] {
    while (i < bytes.size() && is_space(bytes[i])) ++i;
  };
  while (i < bytes.size() && !is_space(bytes[i]) && bytes[i] != '>' && bytes[i] != '/') ++i;
  while (i < bytes.size()) {
    skip_spaces();
    const std::size_t begin = i;
    while (i < bytes.size() && !is_space(bytes[i]) && bytes[i] != '=' && bytes[i] != '>' && bytes[i] != '/')
      ++i;
    const std::string_view found = bytes.substr(begin, i - begin);
    skip_spaces();
    if (found.empty() || i >= bytes.size() || bytes[i] != '=') return std::nullopt;
    ++i;
    skip_spaces();
    if (i >= bytes.size() || (bytes[i] != '"' && bytes[i] != '\'')) return std::nullopt;
    const std::size_t end = bytes.find(bytes[i], i + 1);
    if (end == std::string_view::npos) return std::nullopt;
    if (found == attribute) return Range{i + 1, end};
    i = end + 1;
  }
  return std::nullopt;
}

/// What stands between the start tag whose name begins at `name` and the next tag.
std::optional<Range> content_range(std::string_view bytes, std::size_t name) {
  char quote = 0;
  std::size_t i = name;
  for (; i < bytes.size(); ++i) {
    if (quote != 0) {
      if (bytes[i] == quote) quote = 0;
    } else if (bytes[i] == '"' || bytes[i] == '\'') {
      quote = bytes[i];
    } else if (bytes[i] == '>') {
      break;
    }
  }
  if (i >= bytes.size()) return std::nullopt;
  if (bytes[i - 1] == '/') return Range{i, i};
  constexpr std::string_view open = "<![CDATA[";
  std::size_t begin = i + 1;
  std::size_t text = begin;
  while (text < bytes.size() && is_space(bytes[text])) ++text;
  const bool is_cdata = bytes.substr(text, open.size()) == open;
  if (is_cdata) begin = text + open.size();
  const std::size_t end = bytes.find(is_cdata ? "]]>" : "<", begin);
  if (end == std::string_view::npos) return std::nullopt;
  if (!is_cdata && bytes.substr(end, 2) != "</") return std::nullopt;
  return Range{begin, end};
}

/// The words of a text in pairs; false: the last one is alone, or a second one is no number.
bool read_events(std::string_view text, std::size_t offset, std::vector<EventsInBytes::Event>& events) {
  std::size_t i = 0;
  const auto next = [&] {
    while (i < text.size() && is_space(text[i])) ++i;
    const std::size_t begin = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    return Range{begin, i};
  };
  while (true) {
    const Range time = next();
    if (time.begin == time.end) return true;
    const Range number = next();
    const auto value = to_number(text.substr(number.begin, number.end - number.begin));
    if (!value) return false;
    events.push_back({text.substr(time.begin, time.end - time.begin),
                      {offset + number.begin, number.end - number.begin, *value}});
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

bool is_utf8(std::string_view text) { return first_not_utf8(text) == std::string_view::npos; }

Result<XmlBytes> XmlBytes::parse(std::string bytes) {
  if (bytes.size() > most_bytes) {
    return refuse(fmt::format("The session has {} MB; expected at most {}. Remove unused material in Ardour.",
                              bytes.size() >> 20, most_bytes >> 20));
  }
  if (const std::size_t place = first_not_utf8(bytes); place != std::string::npos) {
    return refuse("The session is not UTF-8 text here; expected the XML that Ardour saves.",
                  line_at(bytes, place));
  }
  if (bytes.find('\0') != std::string::npos) {
    return refuse("The session holds a zero byte; expected the XML that Ardour saves.",
                  line_at(bytes, bytes.find('\0')));
  }
  const auto elements = static_cast<std::size_t>(std::ranges::count(bytes, '<'));
  const auto attributes = static_cast<std::size_t>(std::ranges::count(bytes, '='));
  if (elements > most_elements || attributes > most_attributes) {
    return refuse(fmt::format("The session has {} tags and {} attributes; expected at most {} and {}.",
                              elements, attributes, most_elements, most_attributes));
  }
  XmlBytes xml;
  xml.bytes_ = std::move(bytes);
  constexpr unsigned options = pugi::parse_cdata | pugi::parse_escapes;
  const auto result =
      xml.document_.load_buffer(xml.bytes_.data(), xml.bytes_.size(), options, pugi::encoding_utf8);
  if (!result) {
    return refuse(fmt::format("The session is not whole XML here ({}); expected a file as Ardour saves it.",
                              result.description()),
                  line_at(xml.bytes_, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, result.offset))));
  }
  return xml;
}

std::optional<NumberInBytes> XmlBytes::number_of(pugi::xml_node node, const char* attribute) const {
  const std::ptrdiff_t name = node.offset_debug();
  if (name < 0) return std::nullopt;
  const auto range = value_range(bytes_, static_cast<std::size_t>(name), attribute);
  if (!range) return std::nullopt;
  const std::string_view text = std::string_view(bytes_).substr(range->begin, range->end - range->begin);
  const auto value = to_number(text);
  if (!value) return std::nullopt;
  return NumberInBytes{range->begin, text.size(), *value};
}

std::optional<EventsInBytes> XmlBytes::events_of(pugi::xml_node events) const {
  EventsInBytes found;
  const std::ptrdiff_t name = events.offset_debug();
  if (name < 0) return std::nullopt;
  const auto range = content_range(bytes_, static_cast<std::size_t>(name));
  const std::string_view text =
      range ? std::string_view(bytes_).substr(range->begin, range->end - range->begin) : std::string_view();
  found.is_patchable = range && text.find('&') == std::string_view::npos;
  if (!read_events(found.is_patchable ? text : std::string_view(events.child_value()),
                   range ? range->begin : 0, found.events)) {
    return std::nullopt;
  }
  return found;
}

std::size_t XmlBytes::line_of(pugi::xml_node node) const {
  return line_at(bytes_, static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug())));
}

}  // namespace gainstage::ardour
