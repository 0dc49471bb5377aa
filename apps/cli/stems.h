// SPDX-License-Identifier: MIT
// A folder of stems, read for staging or rendering.
#pragma once

#include <string>
#include <vector>

#include "console.h"
#include "session/session.h"
#include "staging/plan.h"

namespace gainstage::cli {

enum class BadStems { refuse, leave_out };

struct Stems {
  Session session;
  std::vector<Warning> notes;
};

/// Reads the folder. Stems that can't be read end it (all are named on the console, the last one is the
/// error), or are left out with a warning each.
Result<Stems> load_stems(const std::string& folder, BadStems bad_stems, Console& console);

}  // namespace gainstage::cli
