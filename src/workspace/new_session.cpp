// SPDX-License-Identifier: MIT
#include "workspace/new_session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "session_format/ardour/new_ardour_session.h"
#include "session_format/dawproject/new_dawproject_session.h"
#include "session_format/open_session.h"
#include "session_format/reaper/new_reaper_session.h"
#include "workspace/make_report.h"
#include "workspace/output_folder.h"
#include "workspace/staged_before.h"
#include "workspace/written_places.h"

namespace gainstage {
namespace {

namespace fs = std::filesystem;

constexpr Db ardour_mono_pan{3.0};
constexpr Db greatest_fader{6.0};  // Of Ardour and DAWproject; REAPER's goes further, and needs not.
constexpr Db greatest_trim{20.0};

std::string file_name(const Track& track) {
  std::string name = track.name;
  std::ranges::replace(name, '/', '_');
  return name;
}

/// As a track is called on a desk.
std::string track_name(const Track& track) { return fs::path(file_name(track)).stem().string(); }

std::string media_folder(SessionFormat format, const std::string& name) {
  switch (format) {
    case SessionFormat::ardour:
      return "interchange/" + name + "/audiofiles";
    case SessionFormat::reaper:
      return "Media";
    case SessionFormat::dawproject:
      break;
  }
  return "audio";
}

/// Trim and fader of a track, so that they make up the whole move.
std::pair<Db, Db> split(const TrackPlan& plan, Db total, bool is_panned_mono) {
  if (plan.is_silent) return {};
  Db trim = plan.nominal;
  Db fader = total - trim + (is_panned_mono ? ardour_mono_pan : Db{});
  const Db excess = fader - greatest_fader;
  if (excess > Db{}) {
    trim += excess;
    fader = greatest_fader;
  }
  const Db too_far = trim - greatest_trim;
  if (too_far > Db{}) {
    trim = greatest_trim;
    fader += too_far;
  }
  return {trim, fader};
}

/// Copies beside, then renames. A file that is there is replaced only where it may be.
Result<void> copy_file(const std::string& from, const fs::path& to, Overwrite overwrite) {
  std::error_code error;
  if (overwrite == Overwrite::no && fs::exists(fs::symlink_status(to, error))) {
    return failure(
        ErrorCode::io,
        fmt::format("{} exists already; let --force replace it, or leave --copy-media out", to.string()));
  }
  error.clear();
  const fs::path beside = to.parent_path() / fmt::format(".{}.part-{}", to.filename().string(), getpid());
  remember_place(to.parent_path().string());
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::copy_file(from, beside, fs::copy_options::overwrite_existing, error);
  if (!error) fs::rename(beside, to, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(beside, ignored);
  return failure(ErrorCode::io,
                 fmt::format("{} can't be copied to {}: {}", from, to.string(), error.message()));
}

Result<std::string> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (file || file.eof()) return bytes;
  return failure(ErrorCode::io, fmt::format("{} can't be read", path), {.file = path});
}

Result<std::string> written_as(SessionFormat format, const NewSession& session,
                               const std::vector<EmbeddedMedia>& media) {
  switch (format) {
    case SessionFormat::ardour:
      return new_ardour_session(session);
    case SessionFormat::reaper:
      return new_reaper_session(session);
    case SessionFormat::dawproject:
      break;
  }
  return new_dawproject_session(session, media);
}

/// Where the stages stand, as the session is read again.
Result<ReportSession> report_of(std::string bytes, const Session& session, const std::string& file_name) {
  auto document = OpenSession::read(std::move(bytes), file_name);
  if (!document) return tl::unexpected(document.error());
  const SignalFlow& flow = document->flow();
  ReportSession report{std::string(to_string(document->format())), session.name, file_name, "auto", {}, {}};
  const auto add = [&](StageRef stage, const GainControl& control, const std::string& why) {
    const Db gain = shown(control);
    if (std::abs(gain.value) < 0.005) return;
    report.stages.push_back({stage_name(flow, stage), stage.kind, flow.strips[stage.strip].name, Db{}, gain,
                             gain, control.automation.has_value(), why});
  };
  for (std::size_t s = 0; s < flow.strips.size(); ++s) {
    const Strip& strip = flow.strips[s];
    for (std::size_t c = 0; c < strip.clips.size(); ++c)
      add({StageKind::clip, s, c}, strip.clips[c].gain, "to the operating level");
    add({StageKind::trim, s, 0}, strip.trim, "to the operating level");
    add({StageKind::fader, s, 0}, strip.fader, "the balance and the raise");
  }
  return report;
}

}  // namespace

Result<void> check_new_session(const std::string& path, const std::string& stems_folder,
                               const Session& session, bool may_replace) {
  if (auto checked = check_output_file(path, stems_folder, session); !checked) return checked;
  std::error_code ignored;
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !fs::is_directory(folder, ignored)) {
    return failure(ErrorCode::io, fmt::format("{} can't be written: there is no folder {}; make it first",
                                              path, folder.string()));
  }
  if (!may_replace && fs::exists(fs::symlink_status(path, ignored))) {
    return failure(ErrorCode::io,
                   fmt::format("{} exists already; choose another with -o, or let --force replace it", path));
  }
  return {};
}

Result<WrittenSession> write_new_session(const std::string& path, const Session& session,
                                         const GainPlan& plan, const NewSessionOptions& options) {
  const SessionFormat format = *format_of_name(path);
  const fs::path out(path);
  const std::string name = out.stem().string();
  const std::vector<Db> gains = rendered_gains(plan);
  std::vector<std::string> notes;
  NewSession made{name, session.sample_rate_hz, {}};
  std::vector<std::string> embedded;
  embedded.reserve(session.tracks.size());
  std::vector<EmbeddedMedia> media;
  remember_place(out.parent_path().string());
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    const Track& track = session.tracks[i];
    const auto [trim, fader] =
        split(plan.tracks[i], gains[i], format == SessionFormat::ardour && track.channels == 1);
    std::string source = fs::absolute(track.source_path).lexically_normal().string();
    if (options.copy_media == CopyMedia::yes) {
      source = media_folder(format, name) + "/" + file_name(track);
      if (format == SessionFormat::dawproject) {
        auto bytes = bytes_of(track.source_path);
        if (!bytes) return tl::unexpected(bytes.error());
        embedded.push_back(*std::move(bytes));
        media.push_back({source, embedded.back()});
      } else if (auto copied = copy_file(track.source_path, out.parent_path() / source, options.overwrite);
                 !copied) {
        return tl::unexpected(copied.error());
      }
    }
    if (track.source_rate_hz != session.sample_rate_hz) {
      notes.push_back(
          fmt::format("{} is at {:g} Hz in a session of {:g} Hz: convert it first if the DAW does not",
                      track.name, track.source_rate_hz, session.sample_rate_hz));
    }
    made.tracks.push_back({track_name(track), std::move(source), track.source_rate_hz, track.channels,
                           track.source_frames, to_ratio(trim), to_ratio(fader)});
  }
  auto bytes = written_as(format, made, media);
  if (!bytes) return tl::unexpected(bytes.error());
  if (auto written = write_file(path, *bytes, options.overwrite); !written)
    return tl::unexpected(written.error());
  auto report = report_of(*std::move(bytes), session, out.filename().string());
  if (!report) return tl::unexpected(report.error());
  return WrittenSession{*std::move(report), std::move(notes)};
}

}  // namespace gainstage
