// SPDX-License-Identifier: MIT
// The sample peak of a sum, found without summing all of it. Internal to the room.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "engine/progress.h"
#include "session/session.h"
#include "staging/measurements.h"

namespace gainstage {

struct SumPeak {
  Db peak{silent_db};
  std::size_t tenths = 0;         ///< Tenths of a second of the longest track.
  std::size_t summed_tenths = 0;  ///< Those that had to be summed to be sure.
};

/// Whether the tracks are files at the session's rate: then any of their tenths can be read, and is the
/// sum's.
bool can_bound_peak(const Session& session, std::span<const std::size_t> tracks);

/// The greatest |sample| of the sum of `tracks` at these gains (one a track of the session), as
/// measure_build() reads it. In each 100 ms no sample is over the sum of the tracks' own peaks there
/// (TrackMeasurements::hop_peaks): the tenth with the greatest bound is summed first, then by time those
/// whose bound is over what was found, and nothing more once no later bound is. can_bound_peak() must hold.
Result<SumPeak> sum_peak(const Session& session, const Measurements& measurements, std::span<const Db> gains,
                         std::span<const std::size_t> tracks, const WorkOptions& work = {});

}  // namespace gainstage
