// SPDX-License-Identifier: MIT
// A folder of stems, read for staging or rendering.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "session/session.h"
#include "staging/plan.h"

namespace gainstage {

struct Stems {
  Session session;              ///< Without those that can't be read.
  std::vector<Warning> notes;   ///< What is left out first.
  std::vector<Error> problems;  ///< Why a stem can't be read, one each.
};

/// Reads the folder. Errors: those of the folder; a stem that can't be read is none.
Result<Stems> load_stems(const std::string& folder);

/// What is said to somebody who does not want stems to be left out. `stems.problems` is not empty.
Error refusal_of_bad_stems(const Stems& stems, const std::string& folder);

}  // namespace gainstage
