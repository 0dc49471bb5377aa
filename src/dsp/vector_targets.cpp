// SPDX-License-Identifier: MIT
// What the kernels need of libhwy when they run: which kinds of vectors this machine has. The library itself
// is not linked where this takes its place: on being loaded, before main(), it measures the clock that its
// benchmarks use, which takes some milliseconds of every start.
#include <hwy/highway.h>

#include <atomic>
#include <cstdint>

#if HWY_ARCH_X86

namespace hwy {
namespace {

std::atomic<std::int64_t> for_test{0};
std::atomic<std::int64_t> disabled{0};

/// As libhwy has the groups; LZCNT and F16C came with AVX2 in every processor.
std::int64_t detected() {
  __builtin_cpu_init();
  std::int64_t targets = HWY_STATIC_TARGET | HWY_SCALAR;
  if (!__builtin_cpu_supports("ssse3")) return targets;
  targets |= HWY_SSSE3;
  if (!__builtin_cpu_supports("sse4.1") || !__builtin_cpu_supports("sse4.2") ||
      !__builtin_cpu_supports("pclmul") || !__builtin_cpu_supports("aes")) {
    return targets;
  }
  targets |= HWY_SSE4;
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi") ||
      !__builtin_cpu_supports("bmi2")) {
    return targets;
  }
  targets |= HWY_AVX2;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512bw")) {
    return targets;
  }
  return targets | HWY_AVX3;
}

}  // namespace

std::int64_t SupportedTargets() {
  std::int64_t targets = for_test.load();
  if (targets == 0) targets = detected();
  targets &= ~disabled.load();
  return targets == 0 ? HWY_STATIC_TARGET : targets;
}

void SetSupportedTargetsForTest(std::int64_t targets) {
  for_test = targets;
  GetChosenTarget().DeInit();
}

void DisableTargets(std::int64_t targets) {
  disabled = targets;
  GetChosenTarget().DeInit();
}

ChosenTarget& GetChosenTarget() {
  static ChosenTarget chosen;
  return chosen;
}

}  // namespace hwy

#endif
