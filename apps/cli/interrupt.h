// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP: the first one asks the work to stop, the second one stops the program. SIGBUS,
// which comes when a file that is being mixed is cut short or its disk goes, stops it with a sentence. In all
// cases nothing temporary is left.
#pragma once

#include "engine/progress.h"

namespace gainstage::cli {

/// Watches from now on to the end of the program, on a thread of its own. To be called once, before other
/// threads are started. SIGPIPE and SIGXFSZ are ignored from then on: a write that nobody reads, or that a
/// limit forbids, fails instead.
void watch_interrupts(Cancellation& cancellation);

}  // namespace gainstage::cli
