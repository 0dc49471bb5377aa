// SPDX-License-Identifier: MIT
// Loudness of a part within a mix, against its loudness alone.
#pragma once

#include "base/units.h"
#include "staging/measurements.h"

namespace gainstage {

/// By how much a stem of this spectrum is louder among other tracks than K-weighting says.
///
/// K-weighting is made for whole programmes. For the levels of single tracks listeners prefer less weight on
/// lows: a shelf of +5 dB at 1.5 kHz and a second-order high-pass at 130 Hz, Q 0.5 (Fenton & Lee 2017, AES
/// 143). The tilt is the energy of the spectrum under that weighting over its energy under K-weighting. Lows
/// need more amplitude.
Db tilt(const ThirdOctaves& spectrum);

}  // namespace gainstage
