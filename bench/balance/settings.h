// SPDX-License-Identifier: MIT
// What the balance benchmark is asked to do.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "staging/options.h"

namespace gainstage::bench {

struct Settings {
  std::vector<std::string> folders;
  bool with_demo = false;
  bool with_tracks = false;
  bool as_json = false;
  bool from_files = false;
  bool without_names = false;
  bool wants_help = false;
  std::uint64_t seeds = 5;
  StagingOptions staging;
};

/// Values of options follow in the next argument. Errors: usage.
Result<Settings> parse_settings(std::span<const std::string_view> arguments);

/// What --help prints.
std::string_view usage();

}  // namespace gainstage::bench
