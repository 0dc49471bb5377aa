// SPDX-License-Identifier: MIT
// Where this program writes, so that nothing temporary is left when it is stopped.
#pragma once

#include <string>

namespace gainstage {

/// A folder in which this program writes what is temporary, called ".NAME.part-PID". Thread: any.
void remember_place(const std::string& folder);

/// Removes what is temporary in all folders that are remembered: for a program that is being stopped hard.
/// Thread: any, but not in a signal's handler.
void remove_temporaries();

}  // namespace gainstage
