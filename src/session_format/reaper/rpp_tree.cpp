// SPDX-License-Identifier: MIT
#include "session_format/reaper/rpp_tree.h"

#include <fmt/format.h>

#include <algorithm>

namespace gainstage {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::size_t most_lines = std::size_t{1} << 24;
constexpr std::size_t most_depth = 100;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_quote(char c) { return c == '"' || c == '\'' || c == '`'; }

/// Line number of a place in the bytes.
std::size_t number_at(std::string_view bytes, std::size_t place) {
  return 1 +
         static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<long>(place), '\n'));
}

tl::unexpected<Error> broken(std::string_view bytes, std::size_t place, std::string sentence) {
  return failure(ErrorCode::bad_input, std::move(sentence), {.line = number_at(bytes, place)});
}

}  // namespace

Result<RppTree> RppTree::read(std::string_view bytes) {
  if (bytes.size() > most_bytes) {
    return failure(ErrorCode::bad_input, fmt::format("The project has {} bytes; more than {} are not read.",
                                                     bytes.size(), most_bytes));
  }
  RppTree tree;
  tree.bytes_ = bytes;
  std::vector<std::size_t> open;
  std::size_t at = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  while (at < bytes.size()) {
    const std::size_t line_end = std::min(bytes.find('\n', at), bytes.size());
    std::size_t begin = at;
    std::size_t end = line_end;
    at = line_end + 1;
    while (begin < end && is_space(bytes[begin])) ++begin;
    while (end > begin && is_space(bytes[end - 1])) --end;
    if (begin == end) continue;
    const std::size_t index = tree.lines_.size();
    if (index == most_lines) {
      return broken(bytes, begin,
                    fmt::format("The project has more than {} lines; it is not read.", most_lines));
    }
    tree.lines_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin),
                           static_cast<std::uint32_t>(index)});
    if (bytes[begin] == '<') {
      if (open.size() == most_depth) {
        return broken(
            bytes, begin,
            fmt::format("Line {} opens a block within {} others; REAPER nests a few. The file is damaged.",
                        number_at(bytes, begin), most_depth));
      }
      open.push_back(index);
    } else if (bytes[begin] == '>') {
      if (open.empty()) {
        return broken(bytes, begin,
                      fmt::format("Line {} closes a block, but none is open; the file is damaged.",
                                  number_at(bytes, begin)));
      }
      tree.lines_[open.back()].last = static_cast<std::uint32_t>(index);
      open.pop_back();
    }
  }
  if (!open.empty()) {
    const std::size_t begin = tree.lines_[open.back()].begin;
    return broken(
        bytes, begin,
        fmt::format("The block <{} of line {} is never closed; the file is cut short. Save the project "
                    "again in REAPER, or take its backup (.rpp-bak).",
                    tree.name(open.back()).substr(0, 40), number_at(bytes, begin)));
  }
  return tree;
}

std::string_view RppTree::name(std::size_t index) const {
  std::string_view line = text(index);
  if (line.front() == '<') line.remove_prefix(1);
  return line.substr(0, std::min(line.find_first_of(" \t\r"), line.size()));
}

RppWords RppTree::words(std::size_t index) const {
  RppWords found;
  found.line = index;
  const std::string_view line = text(index);
  std::size_t at = line.front() == '<' ? 1 : 0;
  while (found.count < found.words.size()) {
    while (at < line.size() && is_space(line[at])) ++at;
    if (at == line.size()) break;
    const std::size_t begin = at;
    RppWord& word = found.words[found.count++];
    if (is_quote(line[at])) {
      const std::size_t quote = std::min(line.find(line[at], at + 1), line.size());
      word.text = line.substr(at + 1, quote - at - 1);
      at = std::min(quote + 1, line.size());
    } else {
      while (at < line.size() && !is_space(line[at])) ++at;
      word.text = line.substr(begin, at - begin);
    }
    word.begin = static_cast<std::uint32_t>(lines_[index].begin + begin);
    word.size = static_cast<std::uint32_t>(at - begin);
  }
  return found;
}

std::size_t RppTree::number(std::size_t index) const { return number_at(bytes_, lines_[index].begin); }

}  // namespace gainstage
