// SPDX-License-Identifier: MIT
// The command line, taken apart by the table of options. Every value is checked for its kind here.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "option.h"

namespace gainstage::cli {

/// What was given, as text: by option name, in order. A flag has one empty text.
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

enum class Wish { run, help, version };

struct Arguments {
  Wish wish = Wish::run;
  const Command* command = nullptr;  ///< Null only with help and version.
  Values values;
  std::vector<std::string> operands;
};

/// Reads the arguments after the program's name. Options may stand anywhere before "--". Errors: usage, for
/// unknown commands and options, values that are missing, given twice, or not of their kind, and operands too
/// few or too many.
Result<Arguments> parse_arguments(std::span<const std::string> words);

/// What is wrong with a value; no error when it is of the option's kind and within its range.
Result<void> check_value(const Option& option, std::string_view text);

}  // namespace gainstage::cli
