// SPDX-License-Identifier: MIT
// What is odd about the tracks, before any level is set. Findings carry a place and a number; nothing is
// repaired.
#pragma once

#include <vector>

#include "session/session.h"
#include "staging/measurements.h"
#include "staging/plan.h"

namespace gainstage {

std::vector<Warning> look(const Session& session, const Measurements& measurements);

}  // namespace gainstage
