// SPDX-License-Identifier: MIT
// The destinations that a name may mean.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "delivery/target.h"

namespace gainstage {

/// Built-in destinations, the user's ($XDG_CONFIG_HOME/gainstage/targets.json where it exists), and those of
/// more files; later ones replace earlier ones of the same id. Errors: of reading a file.
Result<std::vector<Target>> known_targets(const std::vector<std::string>& more_files);

}  // namespace gainstage
