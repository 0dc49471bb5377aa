// SPDX-License-Identifier: MIT
// One reading of all tracks of a session for what predicts their mix. Internal to the room.
#pragma once

#include <span>

#include "engine/mix_loudness.h"
#include "engine/predict/part_peaks.h"

namespace gainstage {

/// What listens. Both are of the session's tracks.
struct MixListeners {
  MixLoudness* loudness = nullptr;
  std::span<PartPeaks> peaks = {};  ///< One a track, or none.
};

/// Reads the tracks for nothing else. Errors: those of reading.
Result<void> hear_mix(const Session& session, MixListeners listeners, const MeasureOptions& options,
                      const WorkOptions& work);

/// measure_session(), and what is heard meanwhile.
Result<Measurements> measure_session(const Session& session, MixListeners listeners,
                                     const MeasureOptions& options, const WorkOptions& work);

}  // namespace gainstage
