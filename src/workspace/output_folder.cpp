// SPDX-License-Identifier: MIT
#include "workspace/output_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "report/report.h"
#include "workspace/text_file.h"
#include "workspace/written_places.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

/// Files of the output's top level that are ours by name.
constexpr std::array<std::string_view, 4> own_names{"mix.wav", "mix.flac", "report.json", "report.html"};

tl::unexpected<Error> refused(const std::string& path, std::string_view what, const std::error_code& reason) {
  return failure(ErrorCode::io, fmt::format("{} can't be {}: {}", path, what, reason.message()),
                 {path, "", {}, {}});
}

tl::unexpected<Error> exists_already(const std::string& path) {
  return failure(
      ErrorCode::io,
      fmt::format("{} exists already; choose another output folder with -o, or let --force replace the "
                  "files of an earlier run",
                  path),
      {path, "", {}, {}});
}

/// Whether an earlier run has written to the folder.
bool is_own_output(const fs::path& folder) {
  std::ifstream report(folder / "report.json", std::ios::binary);
  std::string beginning(256, '\0');
  report.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  return beginning.find(report_schema) != std::string::npos;
}

/// The stems of an earlier run, as its report lists them. Only paths into the folder of stems count.
std::vector<fs::path> own_stems(const fs::path& folder) {
  const auto text = read_text((folder / "report.json").string());
  const Json report = text ? Json::parse(*text, nullptr, false) : Json();
  if (!report.is_object() || !report.contains("stems") || !report["stems"].is_array()) return {};
  std::vector<fs::path> stems;
  for (const Json& entry : report["stems"]) {
    if (!entry.is_string()) continue;
    const fs::path path = entry.get<std::string>();
    const bool is_plain = path.is_relative() && path == path.lexically_normal() && path.has_filename();
    if (is_plain && path.has_parent_path() && *path.begin() == "stems") stems.push_back(path);
  }
  return stems;
}

/// Whether the way to a path within a folder goes through real folders only: behind a link lies something
/// else than what was written.
bool is_really_within(const fs::path& folder, const fs::path& relative) {
  std::error_code error;
  for (fs::path parent = relative.parent_path(); !parent.empty(); parent = parent.parent_path()) {
    if (!fs::is_directory(fs::symlink_status(folder / parent, error))) return false;
  }
  return true;
}

/// Removes a file and then the folders that are empty without it.
void remove_with_empty_folders(const fs::path& folder, const fs::path& relative, std::error_code& error) {
  if (!is_really_within(folder, relative) || !fs::remove(folder / relative, error)) return;
  std::error_code not_empty;
  for (fs::path parent = relative.parent_path(); !parent.empty() && !not_empty; parent = parent.parent_path())
    fs::remove(folder / parent, not_empty);
}

/// Absolute, without "." and "..", and without a slash at the end.
fs::path clean(const std::string& path) {
  std::error_code ignored;
  fs::path result = fs::absolute(path, ignored).lexically_normal();
  if (!result.has_filename() && result.has_parent_path() && result != result.root_path())
    result = result.parent_path();
  return result;
}

/// With links followed as far as the path exists.
fs::path real(const fs::path& path) {
  std::error_code error;
  const fs::path result = fs::weakly_canonical(path, error);
  return error ? path : result;
}

bool is_within(const fs::path& path, const fs::path& folder) {
  const auto [end, rest] = std::ranges::mismatch(folder, path);
  return end == folder.end();
}

/// A new folder of a name that nobody else has.
Result<std::string> make_hidden_folder(const fs::path& final_path) {
  for (int attempt = 0;; ++attempt) {
    const std::string name = fmt::format(".{}.part-{}{}", final_path.filename().string(), getpid(),
                                         attempt > 0 ? fmt::format("-{}", attempt) : "");
    const std::string path = (final_path.parent_path() / name).string();
    std::error_code error;
    if (fs::create_directory(path, error)) return path;
    if (error) return refused(final_path.string(), "written", error);
  }
}

Result<void> check_parent(const fs::path& path) {
  std::error_code error;
  const fs::path parent = path.parent_path();
  if (fs::is_directory(parent, error)) return {};
  return failure(ErrorCode::io,
                 fmt::format("{} can't be written: there is no folder {}; make it first", path.string(),
                             parent.string()),
                 {path.string(), "", {}, {}});
}

}  // namespace

Result<OutputFolder> OutputFolder::create(const std::string& final_path, Overwrite overwrite) {
  const fs::path path = clean(final_path);
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (fs::exists(status)) {
    if (!fs::is_directory(path, error)) {
      return failure(ErrorCode::io,
                     fmt::format("{} is a file; choose another output folder with -o", final_path),
                     {final_path, "", {}, {}});
    }
    if (overwrite == Overwrite::no) return exists_already(final_path);
    if (::access(path.c_str(), W_OK) != 0)
      return refused(final_path, "written", {errno, std::generic_category()});
  }
  if (const auto checked = check_parent(path); !checked) return tl::unexpected(checked.error());
  remember_place(path.parent_path().string());
  auto hidden = make_hidden_folder(path);
  if (!hidden) return tl::unexpected(hidden.error());
  return OutputFolder(*std::move(hidden), path.string(), overwrite);
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      final_path_(std::move(other.final_path_)),
      overwrite_(other.overwrite_) {}

OutputFolder::~OutputFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<void> OutputFolder::commit() {
  std::error_code error;
  if (!fs::exists(final_path_, error)) {
    fs::rename(path_, final_path_, error);
    if (error) return refused(final_path_, "written", error);
    path_.clear();
    return {};
  }
  if (overwrite_ == Overwrite::no) return exists_already(final_path_);
  const fs::path from(path_);
  const fs::path to(final_path_);
  const bool is_ours = is_own_output(to);
  std::vector<fs::path> earlier;
  if (is_ours) {
    earlier = own_stems(to);
    earlier.insert(earlier.end(), own_names.begin(), own_names.end());
  }
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(from, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path relative = entry->path().lexically_relative(from);
    if (entry->is_directory()) {
      fs::create_directories(to / relative, error);
    } else {
      files.push_back(relative);
    }
  }
  if (error) return refused(final_path_, "written", error);
  for (const fs::path& file : files) {
    fs::rename(from / file, to / file, error);
    if (error) return refused((to / file).string(), "replaced", error);
  }
  const std::set<fs::path> written(files.begin(), files.end());
  for (const fs::path& file : earlier) {
    if (written.contains(file)) continue;
    remove_with_empty_folders(to, file, error);
    if (error) return refused((to / file).string(), "removed", error);
  }
  return {};
}

Error OutputFolder::in_final_words(Error error) const {
  if (path_.empty()) return error;
  for (std::string* text : {&error.sentence, &error.where.file}) {
    for (std::size_t at = text->find(path_); at != std::string::npos;
         at = text->find(path_, at + final_path_.size())) {
      text->replace(at, path_.size(), final_path_);
    }
  }
  return error;
}

std::string default_output(const std::string& stems_folder) {
  fs::path path = fs::path(stems_folder).lexically_normal();
  if (!path.has_filename() && path.has_parent_path()) path = path.parent_path();  // "song/"
  const fs::path name = path.filename();
  if (name.empty() || name == "." || name == "..") path = real(stems_folder);
  return path.string() + "-staged";
}

Result<void> check_output(const std::string& out, const std::string& stems_folder, const Session& session) {
  const fs::path to = real(clean(out));
  if (is_within(to, real(stems_folder))) {
    return failure(
        ErrorCode::usage,
        fmt::format("the output folder {} lies within the stems' folder {}, where the mix would be taken for "
                    "a stem; choose another with -o",
                    out, stems_folder));
  }
  for (const Track& track : session.tracks) {
    const fs::path source = real(track.source_path);
    const bool is_ours = source.parent_path() == to &&
                         std::ranges::find(own_names, source.filename().string()) != own_names.end();
    if (is_ours || is_within(source, to / "stems")) {
      return failure(
          ErrorCode::usage,
          fmt::format("writing to {} would replace the stem {}; choose another output folder with -o", out,
                      track.source_path),
          {track.source_path, track.name, {}, {}});
    }
  }
  return {};
}

Result<void> check_output_file(const std::string& file, const std::string& stems_folder,
                               const Session& session) {
  const fs::path to = real(clean(file));
  if (is_within(to, real(stems_folder))) {
    return failure(
        ErrorCode::usage,
        fmt::format("{} lies within the stems' folder {}, where it would be taken for a stem; write it to "
                    "another folder",
                    file, stems_folder));
  }
  for (const Track& track : session.tracks) {
    if (real(track.source_path) == to) {
      return failure(ErrorCode::usage,
                     fmt::format("{} is the stem {}; write to another file", file, track.name));
    }
  }
  return {};
}

}  // namespace gainstage
