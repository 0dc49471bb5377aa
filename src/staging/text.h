// SPDX-License-Identifier: MIT
// How numbers stand in the sentences of a plan.
#pragma once

#include <string>

#include "base/units.h"

namespace gainstage {

/// "-12.3": one decimal, and never "-0.0".
std::string tenth(double value);
/// "+3.4 dB".
std::string signed_db(Db gain);
/// "1:03.2" of a position in seconds.
std::string clock_time(double seconds);

}  // namespace gainstage
