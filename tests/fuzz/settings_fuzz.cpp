// SPDX-License-Identifier: MIT
#include "delivery/target.h"
#include "fuzz_target.h"
#include "settings.h"
#include "settings_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gainstage;
  using namespace gainstage::cli;
  const Command& command = *find_command("stage");
  const auto values = parse_settings(as_text(data, size), "gainstage.toml", command);
  if (!values) {
    if (values.error().sentence.empty()) __builtin_trap();
    return 0;
  }
  // What was taken can be used.
  const Given given(command, *values);
  const auto target = chosen_target(given, built_in_targets());
  if (target) static_cast<void>(stage_settings(given, *target));
  return 0;
}
