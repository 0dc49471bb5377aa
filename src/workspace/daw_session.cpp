// SPDX-License-Identifier: MIT
#include "workspace/daw_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "report/text_table.h"
#include "workspace/error_sentence.h"
#include "workspace/written_places.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_text_bytes = std::uint64_t{256} << 20;
constexpr std::uint64_t most_archive_bytes = std::uint64_t{4} << 30;
constexpr std::uint64_t most_media_bytes = std::uint64_t{8} << 30;  // Of one file in a session.

Result<std::string> read_session_bytes(const std::string& path) {
  const auto refused = [&](int reason) {
    return failure(ErrorCode::io, fmt::format("{} can't be read: {}", path, std::strerror(reason)),
                   {.file = path});
  };
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error) return refused(error.value());
  const bool is_archive = format_of_name(path) == SessionFormat::dawproject;
  if (size > (is_archive ? most_archive_bytes : most_text_bytes)) {
    return failure(ErrorCode::bad_input, fmt::format("{} is too large for a session", path), {.file = path});
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
    return refused(errno != 0 ? errno : EIO);
  return bytes;
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

/// Where DAWs keep the media of a session, besides where it says.
MediaPlaces places_of(const std::string& path, SessionFormat format) {
  MediaPlaces places{folder_of(path), {"Media", "Audio", "media", "audio", "Audio Files"}};
  if (format != SessionFormat::ardour) return places;
  // A session that was renamed keeps its media under the old name.
  std::error_code error;
  const fs::path interchange = fs::path(places.session_folder) / "interchange";
  std::set<std::string> folders;
  for (fs::directory_iterator entry(interchange, error), end; !error && entry != end; entry.increment(error))
    folders.insert((fs::path("interchange") / entry->path().filename() / "audiofiles").string());
  places.folders.insert(places.folders.end(), folders.begin(), folders.end());
  return places;
}

/// Sources that a clip plays.
std::vector<bool> used_sources(const SignalFlow& flow) {
  std::vector<bool> is_used(flow.sources.size());
  for (const Strip& strip : flow.strips) {
    for (const Clip& clip : strip.clips) {
      for (const std::size_t source : clip.sources) {
        if (source < is_used.size()) is_used[source] = true;
      }
    }
  }
  return is_used;
}

/// Writes the session's own media where audio is read from. What can't be is said, and is missing.
Result<void> unpack_media(const OpenSession& document, SignalFlow& flow,
                          std::unique_ptr<TemporaryMedia>& media, std::vector<Warning>& notes) {
  const std::vector<bool> is_used = used_sources(flow);
  for (std::size_t i = 0; i < flow.sources.size(); ++i) {
    SessionSource& source = flow.sources[i];
    if (!source.is_in_session || !is_used[i]) continue;
    if (!media) {
      auto made = TemporaryMedia::create();
      if (!made) return tl::unexpected(made.error());
      media = std::make_unique<TemporaryMedia>(*std::move(made));
    }
    const fs::path to = fs::path(media->path()) / fmt::format("{}", i);
    std::ofstream file(to, std::ios::binary);
    const auto written =
        document.stream_source(i, most_media_bytes, [&](std::string_view bytes) -> Result<void> {
          if (file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return {};
          return failure(ErrorCode::io,
                         fmt::format("{} can't be written: {}", to.string(), std::strerror(errno)));
        });
    file.close();
    if (written) {
      source.found_path = to.string();
    } else if (written.error().code == ErrorCode::io) {
      return tl::unexpected(written.error());
    } else {
      notes.push_back(
          {"missing-media", "", sentence_of(written.error()) + " What plays it is silent.", std::nullopt});
    }
  }
  return {};
}

/// Names come from strangers; from here on they are shown, and written as JSON.
SignalFlow with_printable_names(SignalFlow flow) {
  const auto clean = [](std::string& text) { text = printable(text); };
  clean(flow.name);
  clean(flow.version);
  for (SessionSource& source : flow.sources) clean(source.name);
  for (Vca& vca : flow.vcas) clean(vca.id), clean(vca.name);
  for (FlowNote& note : flow.notes) clean(note.strip), clean(note.sentence);
  for (Strip& strip : flow.strips) {
    clean(strip.id);
    clean(strip.name);
    for (Clip& clip : strip.clips) clean(clip.name);
    for (Insert& insert : strip.inserts) clean(insert.name), clean(insert.identifier);
    for (Send& send : strip.sends) clean(send.name);
    for (Output& output : strip.outputs) clean(output.hardware);
  }
  return flow;
}

/// The media that are not there, as a sentence to follow another; empty: none.
std::string missing_words(const SignalFlow& flow) {
  constexpr std::size_t most_names = 5;
  std::vector<std::string> names;
  for (const SessionSource& source : flow.sources) {
    if (!source.found_path && !source.path.empty()) names.push_back(printable(source.path));
  }
  if (names.empty()) return "";
  std::string words = " Missing: ";
  for (std::size_t i = 0; i < std::min(names.size(), most_names); ++i)
    words += (i > 0 ? ", " : "") + names[i];
  if (names.size() > most_names) words += fmt::format(" and {} more", names.size() - most_names);
  return words + ".";
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Files in the folder that are called as tracks, by track.
Result<std::map<std::string, std::string>> find_printed(const std::string& folder, const SignalFlow& flow) {
  std::map<std::string, std::string> printed;
  std::map<std::string, std::string> files;  // By name in lower case, without the ending.
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) paths.push_back(entry->path());
  }
  if (error) {
    return failure(ErrorCode::io, fmt::format("{} can't be listed: {}", folder, error.message()),
                   {.file = folder});
  }
  std::ranges::sort(paths);
  for (const fs::path& path : paths) files.try_emplace(lower(path.stem().string()), path.string());
  for (const Strip& strip : flow.strips) {
    const auto found = files.find(lower(strip.name));
    if (strip.kind == StripKind::track && found != files.end())
      printed.try_emplace(strip.name, found->second);
  }
  return printed;
}

}  // namespace

Result<TemporaryMedia> TemporaryMedia::create() {
  std::error_code error;
  const fs::path place = fs::temp_directory_path(error);
  if (error) return failure(ErrorCode::io, "there is no folder for temporary files: " + error.message());
  remember_place(place.string());
  for (int attempt = 0;; ++attempt) {
    const fs::path path = place / fmt::format(".gainstage-media.part-{}{}", getpid(),
                                              attempt > 0 ? fmt::format("-{}", attempt) : "");
    if (fs::create_directory(path, error)) {
      fs::permissions(path, fs::perms::owner_all, error);
      return TemporaryMedia(path.string());
    }
    if (error) {
      return failure(ErrorCode::io, fmt::format("{} can't be written: {}", path.string(), error.message()),
                     {.file = path.string()});
    }
  }
}

TemporaryMedia::TemporaryMedia(TemporaryMedia&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TemporaryMedia::~TemporaryMedia() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

bool is_daw_session(const std::string& path) {
  std::error_code ignored;
  return format_of_name(path).has_value() && !fs::is_directory(path, ignored);
}

Result<DawSession> load_daw_session(const std::string& path, const std::string& printed_folder,
                                    Emptiness emptiness) {
  auto bytes = read_session_bytes(path);
  if (!bytes) return tl::unexpected(bytes.error());
  auto document = OpenSession::read(*std::move(bytes), fs::path(path).filename().string());
  if (!document) return tl::unexpected(document.error());
  SignalFlow flow = with_printable_names(document->flow());
  if (flow.name.empty()) flow.name = fs::path(path).stem().string();
  std::unique_ptr<TemporaryMedia> media;
  std::vector<Warning> media_notes;
  if (auto unpacked = unpack_media(*document, flow, media, media_notes); !unpacked)
    return tl::unexpected(unpacked.error());
  const std::vector<bool> is_used = used_sources(flow);
  for (std::size_t i = 0; i < flow.sources.size(); ++i) {
    // Nobody misses what nothing plays.
    if (!is_used[i] && !flow.sources[i].found_path) flow.sources[i].path.clear();
  }
  for (Warning& note : find_media(flow, places_of(path, document->format()))) {
    media_notes.push_back(std::move(note));
  }
  std::map<std::string, std::string> printed;
  if (!printed_folder.empty()) {
    auto found = find_printed(printed_folder, flow);
    if (!found) return tl::unexpected(found.error());
    printed = *std::move(found);
  }
  const std::string missing = missing_words(flow);
  auto made = session_of(std::move(flow), printed, emptiness);
  if (!made) {
    made.error().where.file = path;
    made.error().sentence += missing;
    return tl::unexpected(made.error());
  }
  DawSession session{path,
                     *std::move(document),
                     std::move(made->session),
                     std::move(made->kept),
                     std::move(made->unheard),
                     std::move(media_notes)};
  session.has_missing_media = std::ranges::any_of(session.notes, [](const Warning& note) {
    return note.code == "missing-media" || note.code == "unreadable-media";
  });
  session.notes.insert(session.notes.end(), made->notes.begin(), made->notes.end());
  session.printed = std::move(printed);
  session.media = std::move(media);
  return session;
}

Result<Session> session_of_bytes(const DawSession& like, const std::string& bytes) {
  auto document = OpenSession::read(bytes, fs::path(like.path).filename().string());
  if (!document) return tl::unexpected(document.error());
  SignalFlow flow = with_printable_names(document->flow());
  flow.name = like.session.flow->name;
  flow.sources = like.session.flow->sources;  // A patch changes no sources but, at most, their gains.
  for (std::size_t i = 0; i < flow.sources.size(); ++i)
    flow.sources[i].gain = document->flow().sources[i].gain;
  auto made = session_of(std::move(flow), like.printed);
  if (!made) return tl::unexpected(made.error());
  return std::move(made->session);
}

std::string staged_session_path(const std::string& path) {
  fs::path staged(path);
  const std::string name = staged.stem().string() + "-staged" + staged.extension().string();
  return staged.replace_filename(name).string();
}

bool was_mixed_by_hand(const SignalFlow& flow) {
  return std::ranges::any_of(flow.strips, [](const Strip& strip) {
    const bool is_at_zero = std::abs(strip.fader.ratio - 1.0) < 1e-4;
    return strip.kind != StripKind::master && (!is_at_zero || strip.fader.automation);
  });
}

}  // namespace gainstage
