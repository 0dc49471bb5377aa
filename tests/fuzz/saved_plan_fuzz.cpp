// SPDX-License-Identifier: MIT
#include <cmath>

#include "fuzz_target.h"
#include "report/saved_plan.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto plan = gainstage::parse_saved_plan(as_text(data, size), "fuzz.json");
  if (!plan && plan.error().sentence.empty()) __builtin_trap();
  if (!plan) return 0;
  for (const auto& gain : plan->gains) {
    if (!std::isfinite(gain.total.value)) __builtin_trap();
  }
  return 0;
}
