// SPDX-License-Identifier: MIT
// The sentence that goes with every move: what was heard, what was wanted, what bound it.
#pragma once

#include <string>

#include "staging/levels.h"
#include "staging/options.h"
#include "staging/plan.h"

namespace gainstage {

/// What was heard and wanted, and all that shaped the wish. The move itself is added by why_moved().
std::string why_wanted(const TrackPlan& track, const WantedLevel& wanted, Db raised_to_be_heard,
                       Db lowered_for_others, const StagingOptions& options);

/// Completes the sentence with the move, and with what bound it (lock, range, strength).
std::string why_moved(const TrackPlan& track, const std::string& bound);

/// The completed sentence, when all faders came down afterwards to keep headroom; `track` is as it is then.
std::string why_lowered(const TrackPlan& track, Db cut);

/// That a track is short or sparse, and which detector stood in.
std::string fallback_sentence(const TrackPlan& track);

}  // namespace gainstage
