// SPDX-License-Identifier: MIT
// Measurements of tracks that are turned up or down before the method begins.
#pragma once

#include <vector>

#include "staging/measurements.h"

namespace gainstage::desk {

/// As if every track were louder by its gain, one each; minus infinity makes it silent.
Measurements at_gains(Measurements measurements, const std::vector<Db>& gains);

}  // namespace gainstage::desk
