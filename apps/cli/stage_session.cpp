// SPDX-License-Identifier: MIT
// gainstage stage SESSION: the moves go to the session's own desk.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "command.h"
#include "engine/measure_flow.h"
#include "meters/vu.h"
#include "progress_bar.h"
#include "report/views.h"
#include "settings_file.h"
#include "staging/placement.h"
#include "web/report_page.h"
#include "workspace/daw_session.h"
#include "workspace/down_stages.h"
#include "workspace/make_report.h"
#include "workspace/output_folder.h"
#include "workspace/session_report.h"
#include "workspace/staged_before.h"
#include "workspace/written_places.h"

namespace gainstage::cli {
namespace {

namespace fs = std::filesystem;

Place place_of(const std::string& text) {
  for (const Place place : {Place::clip, Place::trim, Place::fader, Place::vca, Place::master}) {
    if (to_string(place) == text) return place;
  }
  return Place::automatic;
}

/// "song-staged" of "song-staged.ardour".
std::string without_ending(const std::string& path) {
  return (fs::path(path).parent_path() / fs::path(path).stem()).string();
}

class SessionStaging {
 public:
  SessionStaging(const Job& job, Values from_file)
      : job_(job),
        values_(merged(*job.arguments.command, std::move(from_file), job.arguments.values)),
        given_(*job.arguments.command, values_),
        path_(job.arguments.operands[0]),
        out_(given_.has("out") ? given_.text("out") : staged_session_path(path_)),
        bar_(job.console) {
    work_ = work_options(given_, job.cancellation);
    work_.progress = bar_.progress();
  }

  Result<int> run() {
    if (auto asked = ask(); !asked) return tl::unexpected(asked.error());
    auto opened = load_daw_session(path_, given_.text("printed"));
    if (!opened) return tl::unexpected(opened.error());
    if (auto checked = check(*opened); !checked) return tl::unexpected(checked.error());
    bring_up_all(*opened);
    const DawSession& daw = *opened;
    if (auto settled = settle(daw); !settled) return tl::unexpected(settled.error());
    if (auto decided = decide(daw); !decided) return tl::unexpected(decided.error());

    const std::vector<StageChange> changes = changes_of(daw);
    auto patched = daw.document.patch(changes);
    if (!patched) return tl::unexpected(patched.error());
    const auto after = session_of_bytes(daw, patched->bytes);
    if (!after) return tl::unexpected(after.error());
    // What was promised is what the new session plays, by its own bytes.
    settings_.measuring.with_history = true;
    auto mix = measure_mix(*after, settings_.measuring, part(0.85, given_.has("render") ? 0.9 : 1.0));
    if (!mix) return tl::unexpected(mix.error());
    const bool is_dry = given_.has("dry-run");
    Report report = make(daw, *patched, *after, *std::move(mix), is_dry);
    if (!is_dry) {
      if (auto written = write(*patched, *after, report); !written) return tl::unexpected(written.error());
    }
    tell(report);
    return given_.has("strict") && !report.is_reached ? exit_not_met : exit_done;
  }

 private:
  WorkOptions part(double from, double to) const {
    WorkOptions some = work_;
    if (work_.progress) {
      some.progress = [progress = work_.progress, from, to](std::string_view what, double share) {
        progress(what, from + (to - from) * share);
      };
    }
    return some;
  }

  Result<void> ask() {
    auto targets = known_targets(given_);
    if (!targets) return tl::unexpected(targets.error());
    targets_ = *std::move(targets);
    const auto target = chosen_target(given_, targets_);
    if (!target) return tl::unexpected(target.error());
    target_ = *target;
    if (given_.text("reach") == "limit") {
      return failure(
          ErrorCode::usage,
          "--reach limit works on a rendered mix, and a session is staged with plain gain: leave it out, and "
          "put a limiter on the master yourself");
    }
    for (const char* option : {"stems", "copy-media"}) {
      if (given_.has(option))
        return failure(ErrorCode::usage,
                       fmt::format("--{} goes with a folder of stems, not with a session", option));
    }
    if (const auto doubt = confidence_warning(target_)) job_.console.warn(*doubt);
    auto settings = stage_settings(given_, target_);
    if (!settings) return tl::unexpected(settings.error());
    return {};
  }

  /// What can be wrong with where it is written, before any work.
  Result<void> check(const DawSession& daw) {
    if (daw.has_missing_media && given_.has("strict")) {
      for (const Warning& note : daw.notes) {
        if (note.code == "missing-media" || note.code == "unreadable-media") job_.console.warn(note.sentence);
      }
      return failure(
          ErrorCode::bad_input,
          "media of the session are missing, as said above; put them back, or go on without --strict",
          {.file = path_});
    }
    if (given_.has("dry-run")) return {};
    if (format_of_name(out_) != daw.document.format()) {
      return failure(ErrorCode::usage,
                     fmt::format("{} is not the name of a session of {}, which this one is; let it end in {}",
                                 out_, to_string(daw.document.format()), ending_of(daw.document.format())));
    }
    std::error_code ignored;
    if (fs::equivalent(path_, out_, ignored)) {
      return failure(
          ErrorCode::usage,
          fmt::format("{} is the session itself, which is never written to; choose another file with -o",
                      out_));
    }
    const fs::path folder = fs::path(out_).parent_path();
    if (!folder.empty() && !fs::is_directory(folder, ignored)) {
      return failure(ErrorCode::io, fmt::format("{} can't be written: there is no folder {}; make it first",
                                                out_, folder.string()));
    }
    if (given_.has("force")) return {};
    for (const std::string& file : outputs()) {
      if (!fs::exists(fs::symlink_status(file, ignored))) continue;
      return failure(
          ErrorCode::io,
          fmt::format("{} exists already; choose another with -o, or let --force replace it", file));
    }
    return {};
  }

  std::string report_path() const { return without_ending(out_) + ".report.json"; }
  std::string page_path() const { return without_ending(out_) + ".report.html"; }
  std::string mix_path() const { return without_ending(out_) + "." + given_.text("format"); }
  std::vector<std::string> outputs() const {
    std::vector<std::string> files{out_, report_path()};
    if (!given_.has("no-html")) files.push_back(page_path());
    if (given_.has("render")) files.push_back(mix_path());
    return files;
  }

  /// All faders down is where the method begins: of a session that is silent by them, they are brought up.
  /// What is down in a session that sounds is meant so, and stays.
  void bring_up_all(DawSession& daw) {
    const std::vector<StageRef> down = down_stages(*daw.session.flow);
    if (down.empty()) return;
    Session up = daw.session;
    bring_up(*up.flow, down);
    if (!do_silence_all(up, down)) return;
    daw.session = std::move(up);
    down_ = down;
    notes_.push_back(
        {"all-down", "",
         "Nothing of the session is heard, since its faders are down. They are brought up, as if "
         "they stood at 0 dB.",
         std::nullopt});
  }

  /// Settings that hang on the session.
  Result<void> settle(const DawSession& daw) {
    if (!given_.has("keep-levels") && down_.empty()) {
      if (is_as_staged(daw)) {
        keeps_nominal_ = true;
        values_["keep-levels"] = {"100"};
        notes_.push_back({"as-staged", "",
                          "The session is as gainstage wrote it, so its levels are kept; --keep-levels 0 "
                          "weighs them anew.",
                          std::nullopt});
      } else if (was_mixed_by_hand(daw.document.flow())) {
        values_["keep-levels"] = {"30"};
        notes_.push_back({"rough-mix", "",
                          "The faders were moved by hand, so they count as a rough mix: --keep-levels 30, "
                          "unless you say otherwise.",
                          std::nullopt});
      }
    }
    auto values = merged(*job_.arguments.command, values_, {}, daw.session);
    if (!values) return tl::unexpected(values.error());
    values_ = *std::move(values);
    auto settings = stage_settings(given_, target_);
    if (!settings) return tl::unexpected(settings.error());
    settings_ = *std::move(settings);
    settings_.staging.output_step = 0.0;  // A session is played in floating point.
    auto resolved = resolve_names(daw.session, settings_.staging);
    if (!resolved) return tl::unexpected(resolved.error());
    settings_.staging = *std::move(resolved);
    settings_.staging.locked.insert(daw.kept.begin(), daw.kept.end());
    return {};
  }

  Result<void> decide(const DawSession& daw) {
    auto staged = stage(daw.session, settings_.staging, settings_.measuring, part(0.0, 0.6));
    if (!staged) return tl::unexpected(staged.error());
    staged_ = *std::move(staged);
    auto levels = measure_flow(daw.session, settings_.measuring, part(0.6, 0.85));
    if (!levels) return tl::unexpected(levels.error());
    levels_ = *std::move(levels);

    std::vector<std::optional<InsertLevel>> inserts;
    for (const Track& track : daw.session.tracks) {
      const std::optional<Measure>& level = levels_[*track.strip].insert_in;
      inserts.emplace_back();
      if (!level || keeps_nominal_) continue;
      inserts.back() = InsertLevel{level->sample_peak,
                                   VuMeter::needle_level(level->vu_mean, settings_.measuring.vu_reference)};
    }
    placement_ = gainstage::place(
        daw.session, staged_.plan, inserts,
        {place_of(given_.text("place")), given_.has("before-inserts"), settings_.staging.nominal});
    // From here on the nominal level is what the desk's trim is turned by.
    for (std::size_t i = 0; i < staged_.plan.tracks.size(); ++i) {
      TrackPlan& track = staged_.plan.tracks[i];
      if (track.is_silent) continue;
      track.fader = track.gain() - placement_.nominals[i];
      track.nominal = placement_.nominals[i];
    }
    return {};
  }

  std::vector<StageChange> changes_of(const DawSession& daw) const {
    std::vector<StageChange> changes;
    for (const StageMove& move : placement_.moves) changes.push_back(move.change);
    std::vector<StageRef> brought_up = down_;
    for (std::size_t i = 0; i < staged_.plan.tracks.size(); ++i) {
      if (!staged_.plan.tracks[i].is_silent) continue;
      std::erase_if(brought_up, [&](const StageRef& stage) {
        return stage.kind != StageKind::vca && stage.strip == *daw.session.tracks[i].strip;
      });
    }
    return from_base(std::move(changes), brought_up, daw.document.flow());
  }

  Report make(const DawSession& daw, const PatchedSession& patched, const Session& after,
              FileMeasurements mix, bool is_dry) const {
    std::vector<Warning> notes = daw.notes;
    notes.insert(notes.end(), notes_.begin(), notes_.end());
    Report report = make_report(daw.session, staged_, settings_, given_.settings(), targets_,
                                std::move(notes), WrittenMix{std::move(mix), {}, {}});
    take_flow_levels(report, daw.session, levels_);
    report.daw = session_changes(daw, placement_, patched, after);
    report.daw->written = is_dry ? "" : fs::path(out_).filename().string();
    report.daw->place = given_.text("place");
    return report;
  }

  Result<void> write(const PatchedSession& patched, const Session& after, const Report& report) {
    const Overwrite overwrite = given_.has("force") ? Overwrite::yes : Overwrite::no;
    remember_place(fs::path(out_).parent_path().string());
    if (given_.has("render")) {
      RenderOptions options = render_options(settings_.render);
      options.overwrite = overwrite;
      const std::vector<Db> as_it_is(after.tracks.size());
      const auto rendered = render_mix(after, as_it_is, mix_path(), options, part(0.9, 1.0));
      if (!rendered) return tl::unexpected(rendered.error());
      if (rendered->clipped_samples > 0) {
        job_.console.warn(
            fmt::format("{} samples of the mix were over full scale and are clipped in the file",
                        rendered->clipped_samples));
      }
    }
    const std::string json = to_json_text(report);
    if (auto written = write_file(report_path(), json, overwrite); !written) return written;
    if (!given_.has("no-html") && report_page().empty()) {
      job_.console.note("report.html is left out: this gainstage was built without its page\n");
    } else if (!given_.has("no-html")) {
      auto written = write_file(page_path(), fill_report_page(report_page(), json), overwrite);
      if (!written) return written;
    }
    return write_file(out_, patched.bytes, overwrite);
  }

  void tell(const Report& report) {
    bar_.clear();
    if (given_.has("json")) {
      job_.console.print_json(to_json_text(report));
      return;
    }
    const TextStyle& style = job_.console.style();
    job_.console.print(stage_text(report, style));
    if (!report.daw->written.empty())
      job_.console.print(style.paint(fmt::format("\nWritten to {}\n", printable(out_)), Ink::bold));
  }

  const Job& job_;
  Values values_;
  Given given_;  ///< Of values_.
  std::string path_;
  std::string out_;
  ProgressBar bar_;
  WorkOptions work_;
  std::vector<Target> targets_;
  Target target_;
  StageSettings settings_;
  std::vector<Warning> notes_;
  StagedSession staged_;
  FlowLevels levels_;
  bool keeps_nominal_ = false;  ///< Of a session that stands as it was staged.
  Placement placement_;
  std::vector<StageRef> down_;  ///< That the session has down, and the plan up.
};

}  // namespace

Result<int> run_stage_session(const Job& job) {
  const std::string folder = fs::path(job.arguments.operands[0]).parent_path().string();
  auto from_file = folder_values(folder.empty() ? "." : folder, *job.arguments.command);
  if (!from_file) return tl::unexpected(from_file.error());
  return SessionStaging(job, *std::move(from_file)).run();
}

}  // namespace gainstage::cli
