// SPDX-License-Identifier: MIT
#include "session_format/stems/stems_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "session_format/stems/folder_walk.h"
#include "session_format/stems/mix_channels.h"
#include "session_format/stems/track_name.h"

namespace gainstage {

namespace {

using namespace std::string_view_literals;

// Extensions of the formats libsndfile reads.
constexpr std::array readable_audio{"wav"sv,  "wave"sv, "bwf"sv, "bw64"sv, "rf64"sv, "w64"sv,   "aif"sv,
                                    "aiff"sv, "aifc"sv, "caf"sv, "flac"sv, "ogg"sv,  "oga"sv,   "opus"sv,
                                    "mp3"sv,  "mp2"sv,  "au"sv,  "snd"sv,  "sd2"sv,  "voc"sv,   "paf"sv,
                                    "svx"sv,  "8svx"sv, "iff"sv, "nist"sv, "sph"sv,  "ircam"sv, "sf"sv,
                                    "avr"sv,  "htk"sv,  "sds"sv, "pvf"sv,  "xi"sv,   "wve"sv};
// Audio no less, so it may be a track: the user has to convert it.
constexpr std::array other_audio{"m4a"sv,  "aac"sv, "alac"sv, "wma"sv, "wv"sv,  "ape"sv,
                                 "tta"sv,  "tak"sv, "dsf"sv,  "dff"sv, "ac3"sv, "ec3"sv,
                                 "eac3"sv, "mka"sv, "amr"sv,  "mpc"sv, "shn"sv, "weba"sv};
// What programs leave beside audio; nobody misses it.
constexpr std::array companions{"asd"sv,  "reapeaks"sv, "pk"sv,  "pkf"sv,  "sfk"sv, "ovw"sv,
                                "peak"sv, "wfm"sv,      "mrk"sv, "toml"sv, "db"sv,  "ini"sv};
constexpr std::array own_reports{"report.json"sv, "report.html"sv};
constexpr std::array own_mixes{"mix.wav"sv, "mix.flac"sv};

template <std::size_t n>
bool is_one_of(std::string_view word, const std::array<std::string_view, n>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view without_extension(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == path.npos || path.find('/', dot) != path.npos ? path : path.substr(0, dot);
}

std::string extension(std::string_view path) {
  const std::string_view stem = without_extension(path);
  if (stem.size() == path.size()) return "";
  std::string lower(path.substr(stem.size() + 1));
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Result<void> check_is_folder(const std::string& folder) {
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) {
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR) {
      return failure(ErrorCode::bad_input, "There is no such folder; check the path.", {.file = folder});
    }
    return failure(ErrorCode::io,
                   fmt::format("The folder can't be looked at: {}.", std::generic_category().message(reason)),
                   {.file = folder});
  }
  if (!S_ISDIR(status.st_mode)) {
    return failure(ErrorCode::bad_input, "This is a file; expected a folder of stems.", {.file = folder});
  }
  return {};
}

std::string without_slashes_at_end(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::string session_name(const std::string& folder) {
  std::error_code error;
  std::filesystem::path whole = std::filesystem::canonical(folder, error);
  if (error) whole = folder;
  return to_printable_utf8(whole.filename().string());
}

// The most common rate; the higher one of two as common.
double most_common_rate_hz(const std::vector<Track>& tracks) {
  std::map<double, std::size_t> counts;
  for (const Track& track : tracks) ++counts[track.source_rate_hz];
  double best_hz = 0.0;
  for (const auto& [rate_hz, count] : counts) {
    if (best_hz == 0.0 || count >= counts[best_hz]) best_hz = rate_hz;
  }
  return best_hz;
}

std::string truncation_sentence(const SourceInfo& info) {
  if (info.missing_frames == 0) return "The file is cut off: its end mark is missing. Export it again.";
  const double promised_s = static_cast<double>(info.frames + info.missing_frames) / info.sample_rate_hz;
  const double missing_s = static_cast<double>(info.missing_frames) / info.sample_rate_hz;
  return fmt::format(
      "The file is cut off: the last {:.3f} s of the {:.3f} s its header promises are missing. Export it "
      "again.",
      missing_s, promised_s);
}

class StemsReader {
 public:
  explicit StemsReader(const SourceProbe& probe) : probe_(probe) {}

  Result<StemsFolder> read(const std::string& folder) {
    if (auto checked = check_is_folder(folder); !checked) return tl::unexpected(checked.error());
    auto walk = walk_folder(without_slashes_at_end(folder));
    if (!walk) return tl::unexpected(walk.error());
    for (const FoundFile& file : walk->files) take(file, walk->is_own_output);
    for (Error& error : walk->unreadable) stems_.problems.push_back(std::move(error));
    if (stems_.session.tracks.empty()) return tl::unexpected(no_tracks(folder));

    note_folders(*walk);
    note_left_out();
    note_same_names();
    finish_session(folder);
    return std::move(stems_);
  }

 private:
  void take(const FoundFile& file, bool is_in_own_output) {
    const std::string kind = extension(file.relative);
    if (is_one_of(kind, companions) || is_one_of(file_name(file.relative), own_reports)) return;
    if (is_in_own_output && is_one_of(file.relative, own_mixes)) {
      note("own_output", file, "This mix was made by gainstage from the stems beside it; it is not a track.");
      return;
    }
    if (is_one_of(kind, other_audio)) {
      problem(
          file,
          fmt::format("Files of type .{} can't be read; convert it to WAV or FLAC, or move it away.", kind));
    } else if (!is_one_of(kind, readable_audio)) {
      left_out_.push_back(to_printable_utf8(file.relative));
    } else if (file.unreachable != 0) {
      problem(file, fmt::format("The file can't be reached ({}); a symbolic link may lead nowhere.",
                                std::generic_category().message(file.unreachable)));
    } else if (!file.same_as.empty()) {
      note("duplicate", file,
           fmt::format("This is the same file as {}; it is taken once.", to_printable_utf8(file.same_as)));
    } else {
      probe(file);
    }
  }

  void probe(const FoundFile& file) {
    auto info = probe_(file.path);
    if (!info) {
      Error error = std::move(info.error());
      error.where.file = file.path;
      error.where.track = to_printable_utf8(file.relative);
      stems_.problems.push_back(std::move(error));
      return;
    }
    const std::string name = unique_name(file.relative);
    if (info->is_truncated || info->missing_frames > 0) {
      stems_.notes.push_back({"truncated", name, truncation_sentence(*info)});
    } else if (info->frames == 0) {
      stems_.notes.push_back({"no_samples", name, "The file holds no samples; it counts as a silent track."});
    }
    stems_.session.tracks.push_back({name, file.path, info->sample_rate_hz, info->channels, info->frames});
    layouts_[name] = {info->positions.empty() ? usual_positions(info->channels) : info->positions,
                      info->are_positions_known};
  }

  std::string unique_name(const std::string& relative) {
    const std::string name = to_printable_utf8(relative);
    const std::string_view stem = without_extension(name);
    std::string candidate = name;
    for (int number = 2; !names_.insert(candidate).second; ++number) {
      candidate = fmt::format("{} ({}){}", stem, number, name.substr(stem.size()));
    }
    return candidate;
  }

  void note(std::string code, const FoundFile& file, std::string sentence) {
    stems_.notes.push_back({std::move(code), to_printable_utf8(file.relative), std::move(sentence)});
  }

  void problem(const FoundFile& file, std::string sentence) {
    stems_.problems.push_back(Error{ErrorCode::bad_input,
                                    std::move(sentence),
                                    {.file = file.path, .track = to_printable_utf8(file.relative)}});
  }

  Error no_tracks(const std::string& folder) const {
    if (stems_.problems.empty()) {
      return {ErrorCode::bad_input,
              fmt::format(
                  "There is no audio in this folder ({} other files); expected stems as WAV, AIFF, FLAC or "
                  "another format of libsndfile.",
                  left_out_.size()),
              {.file = folder}};
    }
    const Error& first = stems_.problems.front();
    return {ErrorCode::bad_input,
            fmt::format("None of the {} audio files in this folder can be used. The first, {}: {}",
                        stems_.problems.size(), first.where.track, first.sentence),
            {.file = folder}};
  }

  void note_folders(const FolderWalk& walk) {
    for (const std::string& relative : walk.seen_again) {
      stems_.notes.push_back(
          {"folder_again", to_printable_utf8(relative),
           "This symbolic link leads to a folder that is read already; it is not followed."});
    }
    for (const std::string& relative : walk.own_outputs) {
      stems_.notes.push_back({"own_output", to_printable_utf8(relative),
                              "This folder holds a mix made by gainstage; it is not part of the session."});
    }
  }

  void note_left_out() {
    if (left_out_.empty()) return;
    constexpr std::size_t most_named = 10;
    std::string names;
    for (std::size_t i = 0; i < std::min(left_out_.size(), most_named); ++i) {
      names += (i > 0 ? ", " : "") + left_out_[i];
    }
    if (left_out_.size() > most_named) names += fmt::format(" and {} more", left_out_.size() - most_named);
    stems_.notes.push_back(
        {"left_out", "",
         left_out_.size() == 1 ? fmt::format("One file is not audio by its name and was left out: {}.", names)
                               : fmt::format("{} files are not audio by their names and were left out: {}.",
                                             left_out_.size(), names)});
  }

  // Often one stem exported twice.
  void note_same_names() {
    std::map<std::string, std::string> first_by_stem;
    for (const Track& track : stems_.session.tracks) {
      const std::string stem(without_extension(track.name));
      const auto [first, is_new] = first_by_stem.try_emplace(stem, track.name);
      if (is_new) continue;
      stems_.notes.push_back(
          {"same_name", track.name,
           fmt::format("{} has the same name; both are mixed. Move one away if it is the same stem.",
                       first->second)});
    }
  }

  void finish_session(const std::string& folder) {
    Session& session = stems_.session;
    std::sort(session.tracks.begin(), session.tracks.end(),
              [](const Track& a, const Track& b) { return a.name < b.name; });
    session.name = session_name(folder);
    session.sample_rate_hz = most_common_rate_hz(session.tracks);
    for (const Track& track : session.tracks) session.channels = std::max(session.channels, track.channels);
    for (Track& track : session.tracks) find_mix_channels(track);
  }

  void find_mix_channels(Track& track) {
    const Layout& layout = layouts_.at(track.name);
    ChannelsInMix found = channels_in_mix(layout.positions, stems_.session.channels);
    track.mix_channels = std::move(found.mix_channels);
    const std::size_t in_mix = stems_.session.channels;
    if (!found.have_places && (layout.are_known || track.channels != in_mix)) {
      stems_.notes.push_back(
          {"channel_layout", track.name,
           fmt::format(
               "Not each of its {} channels has a place of its own among the {} of the mix; they go to the "
               "first {} by number. Export it in the layout of the others.",
               track.channels, in_mix, track.channels)});
    } else if (!track.mix_channels.empty() && !layout.are_known) {
      stems_.notes.push_back(
          {"channel_layout", track.name,
           fmt::format(
               "The file does not say what its {} channels are for; they are taken for the usual ones and "
               "mixed as such into the {} of the mix. Export it in the layout of the others if they are not.",
               track.channels, in_mix)});
    }
  }

  struct Layout {
    std::vector<ChannelPosition> positions;
    bool are_known = false;
  };

  const SourceProbe& probe_;
  StemsFolder stems_;
  std::map<std::string, Layout> layouts_;  ///< By track.
  std::set<std::string> names_;
  std::vector<std::string> left_out_;
};

}  // namespace

Result<StemsFolder> read_stems(const std::string& folder, const SourceProbe& probe) {
  return StemsReader(probe).read(folder);
}

}  // namespace gainstage
