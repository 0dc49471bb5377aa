// SPDX-License-Identifier: MIT
#include "session_format/stems/folder_walk.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "session_format/stems/track_name.h"

namespace gainstage {

namespace {

namespace fs = std::filesystem;

// More than any session has. A folder that has more is a mistake, and listing a whole disk would take long.
constexpr std::size_t max_entries = 100'000;

using FileIdentity = std::pair<dev_t, ino_t>;

struct Folder {
  std::string path;
  std::string relative;
};

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

bool is_ignored_name(std::string_view name) { return name.starts_with('.') || name == "__MACOSX"; }

// A report of ours names the program near its start.
bool has_own_report(const std::string& folder) {
  std::ifstream file(folder + "/report.json", std::ios::binary);
  std::string start(64 * 1024, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return start.find("\"gainstage\"") != std::string::npos && start.find("\"schema\"") != std::string::npos;
}

class Walker {
 public:
  Result<FolderWalk> walk(const std::string& folder) {
    if (auto listed = list({folder, ""}); !listed) return tl::unexpected(listed.error());
    walk_.is_own_output = has_own_report(folder);
    // Links are followed after everything real is known, so that a thing keeps its real name.
    while (!folders_.empty() || !linked_folders_.empty()) {
      if (entries_ > max_entries) {
        return failure(
            ErrorCode::bad_input,
            fmt::format("There are more than {} files and folders in here; expected a folder of stems.",
                        max_entries),
            {.file = folder});
      }
      std::deque<Folder>& queue = folders_.empty() ? linked_folders_ : folders_;
      const bool is_link = folders_.empty();
      const Folder next = std::move(queue.front());
      queue.pop_front();
      enter(next, is_link);
    }
    for (FoundFile& file : linked_files_) add_linked(std::move(file));
    std::sort(walk_.files.begin(), walk_.files.end(),
              [](const FoundFile& a, const FoundFile& b) { return a.relative < b.relative; });
    return std::move(walk_);
  }

 private:
  void enter(const Folder& folder, bool is_link) {
    struct stat status {};
    const bool is_there = stat(folder.path.c_str(), &status) == 0;
    if (is_there && folders_seen_.contains({status.st_dev, status.st_ino})) {
      if (is_link) walk_.seen_again.push_back(folder.relative);
      return;
    }
    if (has_own_report(folder.path)) {
      walk_.own_outputs.push_back(folder.relative);
      return;
    }
    if (auto listed = list(folder); !listed) walk_.unreadable.push_back(listed.error());
  }

  Result<void> list(const Folder& folder) {
    struct stat status {};
    if (stat(folder.path.c_str(), &status) == 0) folders_seen_.insert({status.st_dev, status.st_ino});
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator it(folder.path, error), end; !error && it != end; it.increment(error)) {
      names.push_back(it->path().filename().string());
    }
    if (error) {
      return failure(ErrorCode::io, fmt::format("The folder can't be listed: {}.", error.message()),
                     {.file = folder.path, .track = to_printable_utf8(folder.relative)});
    }
    entries_ += names.size();
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      if (!is_ignored_name(name))
        sort_out({.path = folder.path + "/" + name, .relative = joined(folder.relative, name)});
    }
    return {};
  }

  void sort_out(FoundFile found) {
    struct stat itself {};
    struct stat target {};
    const bool is_link = lstat(found.path.c_str(), &itself) == 0 && S_ISLNK(itself.st_mode);
    if (stat(found.path.c_str(), &target) != 0) {
      found.unreachable = errno;
      walk_.files.push_back(std::move(found));
    } else if (S_ISDIR(target.st_mode)) {
      (is_link ? linked_folders_ : folders_).push_back({std::move(found.path), std::move(found.relative)});
    } else if (is_link) {
      linked_files_.push_back(std::move(found));
    } else {
      // Two hard links are two names that somebody gave: two stems.
      files_seen_.try_emplace({target.st_dev, target.st_ino}, found.relative);
      walk_.files.push_back(std::move(found));
    }
  }

  void add_linked(FoundFile found) {
    struct stat status {};
    if (stat(found.path.c_str(), &status) == 0) {
      const auto [first, is_new] = files_seen_.try_emplace({status.st_dev, status.st_ino}, found.relative);
      if (!is_new) found.same_as = first->second;
    }
    walk_.files.push_back(std::move(found));
  }

  FolderWalk walk_;
  std::size_t entries_ = 0;
  std::set<FileIdentity> folders_seen_;
  std::map<FileIdentity, std::string> files_seen_;
  std::deque<Folder> folders_;
  std::deque<Folder> linked_folders_;
  std::vector<FoundFile> linked_files_;
};

}  // namespace

Result<FolderWalk> walk_folder(const std::string& folder) { return Walker().walk(folder); }

}  // namespace gainstage
