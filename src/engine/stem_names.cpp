// SPDX-License-Identifier: MIT
#include "engine/stem_names.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>

namespace gainstage {

std::vector<std::string> stem_names(const Session& session, Container container) {
  namespace fs = std::filesystem;
  const std::string extension = container == Container::flac ? ".flac" : ".wav";
  const auto with_new_extension = [&](const Track& track) {
    return fs::path(track.name).replace_extension(extension).string();
  };
  std::map<std::string, std::size_t> wanted;
  std::set<std::string> taken;
  for (const Track& track : session.tracks) {
    ++wanted[with_new_extension(track)];
    for (fs::path folder = fs::path(track.name).parent_path(); folder.has_relative_path();
         folder = folder.parent_path()) {
      taken.insert(folder.string());
    }
  }

  std::vector<std::string> names(session.tracks.size());
  const auto take = [&](std::size_t i, const std::string& bare) {
    names[i] = bare + extension;
    for (int number = 2; !taken.insert(names[i]).second; ++number)
      names[i] = fmt::format("{} ({}){}", bare, number, extension);
  };
  // Names that stay come first, then those that nobody else wants.
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (with_new_extension(session.tracks[i]) == session.tracks[i].name)
      taken.insert(names[i] = session.tracks[i].name);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string name = with_new_extension(session.tracks[i]);
    if (names[i].empty() && wanted[name] == 1 && taken.insert(name).second) names[i] = name;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) take(i, session.tracks[i].name);
  }
  return names;
}

}  // namespace gainstage
