// SPDX-License-Identifier: MIT
// Finds tracks that are one sound twice: inverted in polarity, or one a little later. Internal to the room.
#pragma once

#include <span>
#include <vector>

#include "base/error.h"
#include "engine/progress.h"
#include "session/session.h"
#include "staging/measurements.h"

namespace gainstage {

/// Pairs whose samples correlate by more than 0.6 with a delay of up to 20 ms or with inverted polarity.
/// Reads a few seconds of the files, where both tracks of a pair are loudest.
Result<std::vector<PairFinding>> find_pairs(const Session& session, const Measurements& measurements,
                                            const WorkOptions& work);

/// Two tracks that may be related, and how much says so.
struct PairCandidate {
  std::size_t first = 0;
  std::size_t second = 0;
  double likeness = 0.0;  ///< Correlation of the levels over time, or of the samples if greater, 0..1.
};

/// Pairs of one family that rise and fall together, and pairs of any that cancel each other; the likeliest
/// first, at most 64.
std::vector<PairCandidate> pair_candidates(const Session& session, const Measurements& measurements);

/// Starts, in hops of 100 ms, of up to 3 pieces of `length_hops` in which both are loudest; pieces do not
/// overlap.
std::vector<std::size_t> loudest_together(std::span<const double> first, std::span<const double> second,
                                          std::size_t length_hops);

}  // namespace gainstage
