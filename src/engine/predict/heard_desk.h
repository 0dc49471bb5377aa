// SPDX-License-Identifier: MIT
// All that a desk is told by listening to its session once.
#pragma once

#include "engine/engine.h"
#include "engine/mix_loudness.h"
#include "engine/predict/desk_parts.h"
#include "engine/predict/mix_peaks.h"

namespace gainstage {

struct HeardDesk {
  Measurements measurements;  ///< Of the session's tracks, for plan().
  MixLoudness loudness;       ///< Of the parts, at minus infinity all at first.
  MixPeaks peaks;             ///< Of the parts.
};

/// Reads all tracks once, and the parts once more where there are more of them than tracks. `parts` are
/// desk_parts(session). The loudness is of the finest resolution that takes at most `most_bytes`; so the
/// maxima of few tracks are exact. Errors: those of reading; cancelled.
Result<HeardDesk> hear_desk(const Session& session, const DeskParts& parts, std::size_t most_bytes,
                            const MeasureOptions& options, const WorkOptions& work = {});

}  // namespace gainstage
