// SPDX-License-Identifier: MIT
#pragma once

#include "staging/measurements.h"
#include "staging/options.h"

namespace gainstage {

/// What a detector shows for a mix, in dBFS (LUFS for short-term).
Db anchor_reading(const MixMeasurements& mix, AnchorDetector detector);

}  // namespace gainstage
