// SPDX-License-Identifier: MIT
// The arrangement of a project as clips: clips within clips, loops, references, warps and fades laid out
// flat.
#pragma once

#include "session_format/dawproject/structure_reader.h"

namespace gainstage::dawproject {

/// Fills sources and the strips' clips.
void read_clips(ProjectReading& reading, const TempoMap& tempo, const StripsById& strips, SignalFlow& flow,
                GainPlaces& places);

}  // namespace gainstage::dawproject
