// SPDX-License-Identifier: MIT
// Text for terminals: tables that fit the width, and colour only where it is wanted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gainstage {

enum class Ink { plain, bold, dim, good, bad, caution };

/// How text is shown. A width of 0: as wide as it gets.
struct TextStyle {
  bool has_colour = false;
  std::size_t width = 100;

  std::string paint(std::string_view text, Ink ink) const;
};

/// Columns the text takes on a terminal: combining marks take none, East Asian wide characters two.
std::size_t display_width(std::string_view text);

/// The text without control characters (a file's name may hold an escape sequence) and with valid UTF-8 only.
std::string printable(std::string_view text);

/// The text broken at blanks into lines of at most `width` columns, each but the first after `indent` blanks;
/// blanks before the first word stay.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// The same with every line after `indent` blanks, within `width` columns altogether.
std::string indented(std::string_view text, std::size_t width, std::size_t indent);

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
  bool may_shrink = false;  ///< Cut with an ellipsis where the table is too wide.
};

struct Cell {
  std::string text;
  Ink ink = Ink::plain;
};

class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<Cell> cells) { rows_.push_back({std::move(cells), ""}); }
  /// Text under the last row, across all columns, wrapped.
  void note(std::string text) { rows_.back().note = std::move(text); }
  std::string text(const TextStyle& style) const;

 private:
  struct Row {
    std::vector<Cell> cells;
    std::string note;
  };
  std::vector<std::size_t> widths(std::size_t width) const;

  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace gainstage
