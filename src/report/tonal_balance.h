// SPDX-License-Identifier: MIT
// The spectrum a finished popular mix has on average, to hold a mix against.
#pragma once

#include <optional>

#include "staging/measurements.h"

namespace gainstage {

/// The tonal-balance target in dB, shifted as a whole so that it lies best on the mix (least squares over the
/// bands from 40 Hz to 16 kHz that sound); absent when none does. `powers` are the mix's mean powers.
std::optional<ThirdOctaves> tonal_balance_target(const ThirdOctaves& powers);

}  // namespace gainstage
