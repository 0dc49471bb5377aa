// SPDX-License-Identifier: MIT
// The commands. Each returns the exit code, or the error that ends it.
#pragma once

#include "arguments.h"
#include "base/error.h"
#include "console.h"
#include "engine/progress.h"
#include "settings.h"

namespace gainstage::cli {

inline constexpr int exit_done = 0;
inline constexpr int exit_not_met = 1;  ///< A check failed, or the target was not reached under --strict.

/// 2, 3, 4 or 130.
int exit_code(ErrorCode code);

struct Job {
  const Arguments& arguments;
  Given given;
  Console& console;
  const Cancellation& cancellation;
};

Result<int> run_stage(const Job& job);
/// The same of a DAW's session.
Result<int> run_stage_session(const Job& job);
Result<int> run_inspect(const Job& job);
Result<int> run_measure(const Job& job);
Result<int> run_check(const Job& job);
Result<int> run_render(const Job& job);
Result<int> run_targets(const Job& job);
Result<int> run_roles(const Job& job);
Result<int> run_demo(const Job& job);
Result<int> run_desk(const Job& job);
Result<int> run_completion(const Job& job);
Result<int> run_man(const Job& job);

}  // namespace gainstage::cli
