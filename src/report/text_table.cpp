// SPDX-License-Identifier: MIT
#include "report/text_table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace gainstage {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
};

/// The code point at the start of the text; absent where the bytes are not UTF-8 (RFC 3629).
std::optional<CodePoint> first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return std::nullopt;
  char32_t value = lead & (0xFFu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return std::nullopt;
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (value < least[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return CodePoint{value, bytes};
}

struct Interval {
  char32_t first;
  char32_t last;
};

/// Combining marks, joiners and variation selectors that share the column of what is before them.
constexpr std::array zero_width{Interval{0x0300, 0x036F}, Interval{0x200B, 0x200F}, Interval{0x20D0, 0x20FF},
                                Interval{0xFE00, 0xFE0F}, Interval{0xFE20, 0xFE2F}};
/// The main blocks that Unicode's East Asian Width calls wide.
constexpr std::array double_width{
    Interval{0x1100, 0x115F},   Interval{0x2E80, 0x303E},  Interval{0x3041, 0xA4CF},
    Interval{0xAC00, 0xD7A3},   Interval{0xF900, 0xFAFF},  Interval{0xFE30, 0xFE4F},
    Interval{0xFF00, 0xFF60},   Interval{0xFFE0, 0xFFE6},  Interval{0x1F300, 0x1F64F},
    Interval{0x1F900, 0x1F9FF}, Interval{0x20000, 0x3FFFD}};

std::size_t columns_of(char32_t value) {
  const auto holds = [value](const Interval& interval) {
    return value >= interval.first && value <= interval.last;
  };
  if (std::ranges::any_of(zero_width, holds)) return 0;
  return std::ranges::any_of(double_width, holds) ? 2 : 1;
}

/// The longest beginning that takes at most `width` columns.
std::string_view fitting(std::string_view text, std::size_t width) {
  std::size_t taken = 0;
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const CodePoint point = first_code_point(text.substr(bytes)).value_or(CodePoint{});
    if (taken + columns_of(point.value) > width) break;
    taken += columns_of(point.value);
    bytes += point.bytes;
  }
  return text.substr(0, bytes);
}

std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  return std::string(fitting(text, width - 1)) + "…";
}

constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest = 8;  // Of a column that may shrink.
constexpr std::size_t note_indent = 4;

}  // namespace

std::string TextStyle::paint(std::string_view text, Ink ink) const {
  if (!has_colour || ink == Ink::plain || text.empty()) return std::string(text);
  constexpr std::array<std::string_view, 6> codes{"", "1", "2", "32", "31", "33"};
  std::string painted = "\x1b[";
  painted += codes[static_cast<std::size_t>(ink)];
  painted += 'm';
  painted += text;
  return painted + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text).value_or(CodePoint{});
    width += columns_of(point.value);
    text.remove_prefix(point.bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string result;
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const bool is_control = point && (point->value < 0x20 || (point->value >= 0x7F && point->value < 0xA0));
    const std::size_t bytes = point ? point->bytes : 1;
    result += (!point || is_control) ? replacement : text.substr(0, bytes);
    text.remove_prefix(bytes);
  }
  return result;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  if (width == 0) return std::string(text);
  std::size_t column = std::min(text.find_first_not_of(' '), text.size());
  std::string result(column, ' ');
  text.remove_prefix(column);
  bool has_word = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t columns = display_width(word);
    if (has_word && column + 1 + columns > width) {
      result += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (has_word) {
      result += ' ';
      ++column;
    }
    result += word;
    has_word = true;
    column += columns;
  }
  return result;
}

std::string indented(std::string_view text, std::size_t width, std::size_t indent) {
  const std::string margin(indent, ' ');
  if (width <= indent) return margin + std::string(text);
  std::string lines = margin + wrapped(text, width - indent, 0);
  for (std::size_t at = lines.find('\n'); at != std::string::npos; at = lines.find('\n', at + 1)) {
    lines.insert(at + 1, margin);
  }
  return lines;
}

std::vector<std::size_t> TextTable::widths(std::size_t width) const {
  std::vector<std::size_t> result;
  for (const Column& column : columns_) result.push_back(display_width(column.title));
  for (const Row& row : rows_) {
    for (std::size_t c = 0; c < row.cells.size(); ++c)
      result[c] = std::max(result[c], display_width(row.cells[c].text));
  }
  std::size_t total = gap.size() * (columns_.size() - 1);
  for (std::size_t column : result) total += column;
  // The last column gives way first.
  for (std::size_t c = columns_.size(); width > 0 && total > width && c-- > 0;) {
    if (!columns_[c].may_shrink || result[c] <= narrowest) continue;
    const std::size_t less = std::min(total - width, result[c] - narrowest);
    result[c] -= less;
    total -= less;
  }
  return result;
}

std::string TextTable::text(const TextStyle& style) const {
  const std::vector<std::size_t> all_widths = widths(style.width);
  std::string result;
  const auto line = [&](const std::vector<Cell>& cells) {
    std::string row;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const std::string text = shortened(cells[c].text, all_widths[c]);
      const std::string blanks(all_widths[c] - display_width(text), ' ');
      const bool is_right = columns_[c].align == Align::right;
      if (c > 0) row += gap;
      if (is_right) row += blanks;
      row += style.paint(text, cells[c].ink);
      if (!is_right && c + 1 < cells.size()) row += blanks;
    }
    row.erase(row.find_last_not_of(' ') + 1);
    result += row + '\n';
  };
  std::vector<Cell> titles;
  bool has_titles = false;
  for (const Column& column : columns_) {
    titles.push_back({column.title, Ink::dim});
    has_titles = has_titles || !column.title.empty();
  }
  if (has_titles) line(titles);
  for (const Row& row : rows_) {
    line(row.cells);
    if (row.note.empty()) continue;
    result += style.paint(indented(row.note, style.width, note_indent), Ink::dim);
    result += '\n';
  }
  return result;
}

}  // namespace gainstage
