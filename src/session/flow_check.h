// SPDX-License-Identifier: MIT
// Whether a signal flow can be played, and in which order.
#pragma once

#include <vector>

#include "base/error.h"
#include "session/signal_flow.h"

namespace gainstage {

/// The invariants of SignalFlow and of all it holds. Errors: bad_input, one sentence that names the strips:
/// numbers that are not finite, negative gains, references to what is not there, a send into its own strip,
/// sound that comes back to where it left (with the names along the way), more or less than one master.
Result<void> check_flow(const SignalFlow& flow);

/// Strips such that each comes before those it feeds, else in the session's order. The flow must be sound.
std::vector<std::size_t> processing_order(const SignalFlow& flow);

/// The strips that one feeds, by its outputs and enabled sends.
std::vector<std::size_t> fed_by(const SignalFlow& flow, std::size_t strip);

}  // namespace gainstage
