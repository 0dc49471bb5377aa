// SPDX-License-Identifier: MIT
#include "delivery/target.h"
#include "fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto targets = gainstage::parse_targets(as_text(data, size), "fuzz.json");
  if (!targets && targets.error().sentence.empty()) __builtin_trap();
  return 0;
}
