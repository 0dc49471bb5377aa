// SPDX-License-Identifier: MIT
// The charts of a report as JSON: thinned to what a screen can show, rounded to what an eye can see.
#pragma once

#include "report/report.h"

namespace gainstage {

Json to_json(const Charts& charts);

}  // namespace gainstage
