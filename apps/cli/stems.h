// SPDX-License-Identifier: MIT
// A folder of stems, read with a say on the console.
#pragma once

#include <string>

#include "console.h"
#include "workspace/stems.h"

namespace gainstage::cli {

enum class BadStems { refuse, leave_out };

/// Reads the folder. Stems that can't be read end it (all are named on the console, the last one is the
/// error), or are left out with a warning each.
Result<Stems> load_stems(const std::string& folder, BadStems bad_stems, Console& console);

}  // namespace gainstage::cli
