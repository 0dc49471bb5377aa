// SPDX-License-Identifier: MIT
// The syntax of a REAPER project: lines of words, in blocks from a line "<NAME ..." to a line ">". Nothing is
// taken out of the bytes: every line and word is a place in them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace gainstage {

/// A line that is not blank. White space around it and its end belong to no line.
struct RppLine {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  std::uint32_t last = 0;  ///< Of a block's first line: the index of its ">"; of any other its own index.
};

struct RppWord {
  std::string_view text;    ///< Without quotes.
  std::uint32_t begin = 0;  ///< With quotes.
  std::uint32_t size = 0;
};

/// A line's words. No line of which we read more has 32; what is beyond is not looked at.
struct RppWords {
  std::size_t line = 0;
  std::size_t count = 0;
  std::array<RppWord, 32> words = {};

  /// Empty text where the line has fewer words.
  const RppWord& operator[](std::size_t index) const { return words[index]; }
  bool has(std::size_t index) const { return index < count; }
};

/// The lines of a project in their order, and which of them are blocks.
///
/// Looks at bytes that must outlive it. Line ends are LF or CRLF, also mixed; a byte order mark may come
/// first.
class RppTree {
 public:
  /// Errors: a block that is never closed, a ">" too many, more than 100 blocks in one another, more lines or
  /// bytes than a project can have.
  static Result<RppTree> read(std::string_view bytes);

  std::size_t size() const { return lines_.size(); }
  const RppLine& line(std::size_t index) const { return lines_[index]; }
  std::string_view text(std::size_t index) const {
    return bytes_.substr(lines_[index].begin, lines_[index].size);
  }

  bool is_block(std::size_t index) const { return bytes_[lines_[index].begin] == '<'; }
  /// First word, without a block's '<'.
  std::string_view name(std::size_t index) const;
  /// A word that starts with ", ' or ` ends at the next one of it. A block's first word comes without '<'.
  RppWords words(std::size_t index) const;

  /// The children of a block: for (i = first(block); i < end(block); i = next(i)).
  std::size_t first(std::size_t block) const { return block + 1; }
  std::size_t end(std::size_t block) const { return lines_[block].last; }
  std::size_t next(std::size_t index) const { return lines_[index].last + 1; }

  /// Counted from 1, as editors do. Slow: for messages.
  std::size_t number(std::size_t index) const;

 private:
  std::string_view bytes_;
  std::vector<RppLine> lines_;
};

}  // namespace gainstage
