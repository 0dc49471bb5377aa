// SPDX-License-Identifier: MIT
// Small files of text.
#pragma once

#include <string>

#include "base/error.h"

namespace gainstage {

/// A text file as a whole. Errors: io with the system's reason; bad_input where it is over 64 MiB.
Result<std::string> read_text(const std::string& path);

}  // namespace gainstage
