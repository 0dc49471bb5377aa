// SPDX-License-Identifier: MIT
// A test program whose kernels run on the best vectors of the machine, or on those of --vectors=NAME
// (Highway's name of the target: SCALAR, SSE4, AVX2...). Ends with 77 where the machine or the build has none
// of that name, and where they are the best.
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

namespace {

/// False where there are no such vectors, or they are taken anyway.
bool use_vectors(std::string_view name) {
  const std::vector<std::int64_t> targets = hwy::SupportedAndGeneratedTargets();
  for (const std::int64_t target : targets) {
    if (name != hwy::TargetName(target) || target == targets.front()) continue;
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  constexpr std::string_view option = "--vectors=";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with(option)) {
      std::fprintf(stderr, "unknown argument: %s\n", argv[i]);
      return 2;
    }
    if (use_vectors(argument.substr(option.size()))) continue;
    std::printf("Skipped: the kind %s is not here, or is the best and tested anyway.\n",
                argv[i] + option.size());
    return 77;
  }
  return RUN_ALL_TESTS();
}
