// SPDX-License-Identifier: MIT
// The help texts and the manual page, made from the table of options.
#pragma once

#include <string>

#include "option.h"
#include "report/text_table.h"

namespace gainstage::cli {

/// What `gainstage --help` prints.
std::string program_help(const TextStyle& style);
std::string command_help(const Command& command, const TextStyle& style);
/// gainstage(1), in the man macros of roff.
std::string manual_page();

}  // namespace gainstage::cli
