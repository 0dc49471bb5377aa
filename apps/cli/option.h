// SPDX-License-Identifier: MIT
// What the commands and their options are: described once, and visited by the parser, --help, gainstage.toml,
// the report's list of options, the manual page and the shell completions.
#pragma once

#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace gainstage::cli {

/// What a value is.
enum class Kind {
  flag,     ///< Takes none.
  number,   ///< Within min and max, in the unit.
  count,    ///< A whole number within min and max.
  choice,   ///< One of the words in `value`, separated by '|'.
  path,     ///< A file or folder.
  track,    ///< A track of the session.
  role,     ///< TRACK=ROLE
  range,    ///< TRACK=LO..HI
  group,    ///< NAME=TRACK,TRACK
  order,    ///< Bands, separated by commas.
  target,   ///< A destination or a number of LUFS.
  address,  ///< A numeric address of this machine.
};

struct Option {
  std::string_view name = {};  ///< Without the dashes.
  char letter = 0;             ///< Of the short form; 0: none.
  Kind kind = Kind::flag;
  std::string_view value = {};  ///< What --help shows for the value, or the words to choose from.
  std::string_view unit = {};   ///< Of a number.
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  std::string_view fallback = {};  ///< The value when it is not given; empty: none.
  std::string_view sentence = {};
  bool is_repeatable = false;
  bool is_setting = false;  ///< Has a say in the result: may stand in gainstage.toml, and is in report.json.
  bool is_needed = false;
};

/// The operands of a command.
struct Operand {
  std::string_view name = {};  ///< "STEMS_DIR"; empty: the command takes none.
  Kind kind = Kind::path;
  std::string_view words = {};  ///< Kind::choice: the words, separated by '|'.
  bool is_needed = true;
  bool may_be_many = false;
};

struct Command {
  std::string_view name = {};
  std::string_view sentence = {};
  std::string_view text = {};  ///< Paragraphs for --help and the manual, separated by empty lines.
  Operand operand = {};
  std::vector<Option> options = {};
};

std::span<const Command> commands();
/// Options of every command: --help, --version.
std::span<const Option> common_options();

const Command* find_command(std::string_view name);
const Option* find_option(const Command& command, std::string_view name);
const Option* find_option(const Command& command, char letter);

/// The words of a choice.
std::vector<std::string_view> choices(std::string_view words);

}  // namespace gainstage::cli
