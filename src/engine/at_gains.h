// SPDX-License-Identifier: MIT
// Measurements of tracks that are turned up or down before the method begins.
#pragma once

#include <span>

#include "staging/measurements.h"

namespace gainstage {

/// As if every track were louder by its gain, one each; minus infinity makes it silent.
Measurements at_gains(Measurements measurements, std::span<const Db> gains);

}  // namespace gainstage
