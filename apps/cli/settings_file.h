// SPDX-License-Identifier: MIT
// gainstage.toml: the settings of stage, lying beside the stems.
#pragma once

#include <string>
#include <string_view>

#include "arguments.h"

namespace gainstage::cli {

/// Reads the text of a gainstage.toml into the same values that the command line gives. Errors: bad_input
/// with file and line, for what is not TOML, unknown names, and values that are not of their kind.
Result<Values> parse_settings(std::string_view toml, const std::string& file, const Command& command);

/// The values of FOLDER/gainstage.toml where it is there.
Result<Values> folder_values(const std::string& folder, const Command& command);

}  // namespace gainstage::cli
