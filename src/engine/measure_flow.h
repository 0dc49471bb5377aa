// SPDX-License-Identifier: MIT
// The levels at the taps of a DAW's session: what a meter at each place of the desk would show.
#pragma once

#include <optional>
#include <vector>

#include "engine/engine.h"

namespace gainstage {

/// Measures at a strip's taps, or nothing where they can't be known: behind an insert that is not printed,
/// behind media that are missing, and wherever such sound is mixed in.
struct StripLevels {
  std::optional<Measure> trim_in;    ///< The clips with their gains, or what a bus is fed.
  std::optional<Measure> insert_in;  ///< Behind the trim.
  std::optional<Measure> fader_out;  ///< Behind fader and pan, as it leaves. Of the master: the mix.
};

/// One a strip of the session's flow.
using FlowLevels = std::vector<StripLevels>;

/// Plays the whole desk once. Errors: those of reading.
Result<FlowLevels> measure_flow(const Session& session, const MeasureOptions& options,
                                const WorkOptions& work = {});

}  // namespace gainstage
