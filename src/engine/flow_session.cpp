// SPDX-License-Identifier: MIT
#include "engine/flow_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <utility>

#include "audio_file/audio_reader.h"
#include "engine/clip_reader.h"
#include "mix/flow_paths.h"
#include "session/flow_check.h"
#include "session/insert_kinds.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

constexpr double longest_s = 24.0 * 3600.0;
constexpr std::size_t most_tracks = 4096;

std::string last_part(const std::string& path) { return path.substr(path.find_last_of("/\\") + 1); }

/// Where a source may be, the likeliest first.
std::vector<fs::path> candidates(const std::string& path, const MediaPlaces& places) {
  const fs::path folder(places.session_folder);
  std::vector<fs::path> list;
  const fs::path said(path);
  list.push_back(said.is_absolute() ? said : folder / said);
  std::string slashes = path;
  std::ranges::replace(slashes, '\\', '/');
  const bool has_drive = slashes.size() > 1 && slashes[1] == ':';
  if (slashes != path && !has_drive) list.push_back(folder / slashes);
  const std::string name = last_part(path);
  for (const std::string& place : places.folders) list.push_back(folder / place / name);
  list.push_back(folder / name);
  return list;
}

std::optional<std::string> found(const std::string& path, const MediaPlaces& places) {
  for (const fs::path& candidate : candidates(path, places)) {
    std::error_code ignored;
    if (fs::is_regular_file(candidate, ignored)) return candidate.string();
  }
  return std::nullopt;
}

/// What a session of nothing says for itself.
tl::unexpected<Error> nothing_left(const SignalFlow& flow) {
  return failure(
      ErrorCode::bad_input,
      fmt::format("No track of {} has sound that can be read and reaches the master: check that its media "
                  "are where the session looks for them, and that not all is muted.",
                  flow.name.empty() ? "the session" : "'" + flow.name + "'"));
}

double rate_of(const SignalFlow& flow) {
  if (flow.sample_rate_hz > 0.0) return flow.sample_rate_hz;
  std::map<double, std::size_t> counts;
  for (const SessionSource& source : flow.sources) {
    if (source.found_path) ++counts[source.sample_rate_hz];
  }
  double best_hz = 0.0;
  for (const auto& [rate_hz, count] : counts) {
    if (best_hz == 0.0 || count >= counts[best_hz]) best_hz = rate_hz;
  }
  return best_hz > 0.0 ? best_hz : 48000.0;
}

double length_of(const SignalFlow& flow) {
  if (flow.length_s > 0.0) return flow.length_s;
  double end_s = 0.0;
  for (const Strip& strip : flow.strips) {
    for (const Clip& clip : strip.clips) end_s = std::max(end_s, clip.start_s + clip.length_s);
  }
  return end_s - flow.start_s;
}

/// Clips that sound within the session's range.
struct Content {
  std::size_t heard = 0;
  std::size_t lost = 0;  ///< Missing or stretched.
};

Content content_of(const SignalFlow& flow, const Strip& strip, double length_s) {
  Content content;
  for (const Clip& clip : strip.clips) {
    const bool is_within =
        clip.start_s < flow.start_s + length_s && clip.start_s + clip.length_s > flow.start_s;
    if (clip.is_muted || !is_within) continue;
    ++(can_be_heard(flow, clip) ? content.heard : content.lost);
  }
  return content;
}

std::string insert_names(const Strip& strip) {
  std::string names;
  for (const Insert& insert : strip.inserts) {
    if (insert.is_enabled) names += (names.empty() ? "" : ", ") + insert.name;
  }
  return names;
}

void note_inserts(const SignalFlow& flow, const std::map<std::string, std::string>& printed,
                  std::vector<Warning>& notes) {
  for (const Strip& strip : flow.strips) {
    const std::string names = insert_names(strip);
    if (names.empty() || printed.contains(strip.name)) continue;
    const bool is_track = strip.kind == StripKind::track;
    notes.push_back(
        {"insert-not-run", strip.name,
         fmt::format("{} goes through {}, which is not run here: what is behind counts as what is before{}.",
                     strip.name, names, is_track ? "; --printed takes its printed stem instead" : ""),
         std::nullopt});
  }
}

}  // namespace

std::vector<Warning> find_media(SignalFlow& flow, const MediaPlaces& places) {
  std::vector<Warning> notes;
  for (SessionSource& source : flow.sources) {
    const std::string& name = source.name.empty() ? source.path : source.name;
    if (!source.found_path && source.path.empty()) continue;
    if (!source.found_path) source.found_path = found(source.path, places);
    if (!source.found_path) {
      notes.push_back(
          {"missing-media", "",
           fmt::format("The audio file '{}' ({}) is not there; what plays it is silent.", name, source.path),
           std::nullopt});
      continue;
    }
    const auto reader = AudioReader::open(*source.found_path);
    if (!reader) {
      source.found_path.reset();
      notes.push_back({"unreadable-media", "",
                       fmt::format("The audio file '{}' can't be read: {} What plays it is silent.", name,
                                   reader.error().sentence),
                       std::nullopt});
      continue;
    }
    source.channels = reader->info().channels();
    source.sample_rate_hz = reader->info().sample_rate_hz;
    source.frames = reader->info().frames;
    if (reader->info().is_truncated) {
      notes.push_back({"truncated", "",
                       fmt::format("The audio file '{}' is cut off before its end; export it again.", name),
                       std::nullopt});
    }
  }
  return notes;
}

Result<FlowSession> session_of(SignalFlow flow, const std::map<std::string, std::string>& printed,
                               Emptiness emptiness) {
  if (auto checked = check_flow(flow); !checked) return tl::unexpected(checked.error());
  const double rate_hz = rate_of(flow);
  if (!(rate_hz >= 8000.0 && rate_hz <= 384000.0) || rate_hz != std::floor(rate_hz)) {
    return failure(
        ErrorCode::bad_input,
        fmt::format("The session's sample rate is {} Hz; expected a whole number from 8000 to 384000.",
                    rate_hz));
  }
  const double length_s = length_of(flow);
  if (!(length_s > 0.0) && emptiness == Emptiness::refuse) return nothing_left(flow);
  if (length_s > longest_s) {
    return failure(
        ErrorCode::bad_input,
        fmt::format("The session is {:.0f} hours long; more than 24 are not read.", length_s / 3600.0));
  }
  flow.sample_rate_hz = rate_hz;
  for (Strip& strip : flow.strips) {
    for (Insert& insert : strip.inserts) {
      if (insert.kind == Insert::Kind::unknown) insert.kind = insert_kind(insert.name, insert.identifier);
    }
  }

  FlowSession made;
  for (const FlowNote& note : flow.notes)
    made.notes.push_back({note.code, note.strip, note.sentence, std::nullopt});
  note_inserts(flow, printed, made.notes);
  const FlowPaths paths(flow);
  Session& session = made.session;
  session.name = flow.name;
  session.sample_rate_hz = rate_hz;
  session.channels = paths.mix_channels();
  std::set<std::string> names;
  for (std::size_t i = 0; i < flow.strips.size(); ++i) {
    const Strip& strip = flow.strips[i];
    const auto stem = printed.find(strip.name);
    const bool is_printed =
        stem != printed.end() && strip.kind == StripKind::track && !names.contains(strip.name);
    const Content content = content_of(flow, strip, length_s);
    const bool has_lost = !is_printed && (content.lost > 0 || strip.has_unread_content);
    const bool is_heard = is_printed || content.heard > 0;
    if (!is_heard || !paths.reaches_mix(i)) {
      if (has_lost) made.unheard.push_back(i);
      continue;
    }
    std::string name = strip.name;
    for (int number = 2; !names.insert(name).second; ++number)
      name = fmt::format("{} ({})", strip.name, number);
    if (has_lost) {
      made.kept.push_back(name);
      made.notes.push_back(
          {"kept-level", name,
           fmt::format("{} can't be heard whole: it stays at its level while the others are set.", name),
           std::nullopt});
    }
    Track track;
    track.name = name;
    track.source_path = is_printed ? stem->second : "";
    track.source_rate_hz = rate_hz;
    track.channels = session.channels;
    track.source_frames = std::llround(length_s * rate_hz);
    track.strip = i;
    session.tracks.push_back(std::move(track));
  }
  for (const std::size_t strip : made.unheard) {
    made.notes.push_back(
        {"kept-level", flow.strips[strip].name,
         fmt::format("{} can't be heard here: it is left out of the balance and stays as it is.",
                     flow.strips[strip].name),
         std::nullopt});
  }
  if (session.tracks.size() > most_tracks) {
    return failure(ErrorCode::bad_input,
                   fmt::format("The session has {} tracks with sound; more than {} are not read.",
                               session.tracks.size(), most_tracks));
  }
  if (session.tracks.empty() && emptiness == Emptiness::refuse) return nothing_left(flow);
  session.flow = std::move(flow);
  return made;
}

}  // namespace gainstage
