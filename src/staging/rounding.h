// SPDX-License-Identifier: MIT
// Decisions are rounded to 0.01 dB where they leave staging, so that they are the same on every machine.
#pragma once

#include <cmath>

#include "base/units.h"

namespace gainstage {

inline Db rounded(Db gain) { return {std::round(gain.value * 100.0) / 100.0}; }
inline Db rounded_down(Db gain) { return {std::floor(gain.value * 100.0) / 100.0}; }
inline Db rounded_up(Db gain) { return {std::ceil(gain.value * 100.0) / 100.0}; }
/// A sum of rounded decisions without the crumbs of binary fractions, so that it is written and read back
/// unchanged.
inline Db without_crumbs(Db gain) { return {std::round(gain.value * 1e6) / 1e6}; }

}  // namespace gainstage
