// SPDX-License-Identifier: MIT
#include "workspace/known_targets.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "workspace/text_file.h"

namespace gainstage {
namespace {

/// Where the user's own destinations lie; empty when there is no home.
std::string users_targets_path() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config && *config == '/') return std::string(config) + "/gainstage/targets.json";
  const char* home = std::getenv("HOME");
  return home && *home ? std::string(home) + "/.config/gainstage/targets.json" : "";
}

Result<std::vector<Target>> targets_of(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return tl::unexpected(text.error());
  return parse_targets(*text, path);
}

}  // namespace

Result<std::vector<Target>> known_targets(const std::vector<std::string>& more_files) {
  std::vector<Target> targets = built_in_targets();
  std::vector<std::string> paths;
  std::error_code ignored;
  const std::string own = users_targets_path();
  if (!own.empty() && std::filesystem::exists(own, ignored)) paths.push_back(own);
  paths.insert(paths.end(), more_files.begin(), more_files.end());
  for (const std::string& path : paths) {
    auto added = targets_of(path);
    if (!added) return tl::unexpected(added.error());
    targets = merged(std::move(targets), *std::move(added));
  }
  return targets;
}

}  // namespace gainstage
