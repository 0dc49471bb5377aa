// SPDX-License-Identifier: MIT
#include "workspace/written_places.h"

#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <vector>

namespace gainstage {
namespace {

struct Places {
  std::mutex mutex;
  std::set<std::string> folders;
};

/// One for the program, as its signals are.
Places& places() {
  static Places instance;
  return instance;
}

/// Removes what carries this process's mark.
void remove_temporaries(const std::string& folder) {
  const std::string mark = ".part-" + std::to_string(getpid());
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') && name.find(mark) != std::string::npos) found.push_back(entry->path());
  }
  for (const auto& path : found) std::filesystem::remove_all(path, error);
}

}  // namespace

void remember_place(const std::string& folder) {
  const std::scoped_lock lock(places().mutex);
  places().folders.insert(folder.empty() ? "." : folder);
}

void remove_temporaries() {
  const std::scoped_lock lock(places().mutex);
  for (const std::string& folder : places().folders) remove_temporaries(folder);
}

}  // namespace gainstage
