// SPDX-License-Identifier: MIT
// What stands in for gainstage desk in a build without it.
#include "command.h"

namespace gainstage::cli {

Result<int> run_desk(const Job&) {
  return failure(ErrorCode::usage, "This gainstage was built without the desk (GAINSTAGE_DESK=OFF).");
}

}  // namespace gainstage::cli
