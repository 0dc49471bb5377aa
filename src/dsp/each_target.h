// SPDX-License-Identifier: MIT
// For tests: runs them on every kind of vector that this machine has.
#pragma once

#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdint>

namespace gainstage {

/// Calls work() once for each target, then goes back to the best. Thread: one at a time, while nothing else
/// uses kernels.
template <typename Work>
void on_each_target(Work work) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    work();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace gainstage
