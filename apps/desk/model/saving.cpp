// SPDX-License-Identifier: MIT
#include "saving.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "engine/job.h"
#include "moves.h"
#include "session_at.h"
#include "web/report_page.h"
#include "workspace/error_sentence.h"
#include "workspace/make_report.h"
#include "workspace/new_session.h"
#include "workspace/output_folder.h"
#include "workspace/session_report.h"
#include "workspace/written_places.h"

namespace gainstage::desk {
namespace {

namespace fs = std::filesystem;

Json level(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json figures(const Measure& measure) {
  return {{"integrated_lufs", level(measure.integrated.value)},
          {"true_peak_dbtp", level(measure.true_peak.value)},
          {"short_term_max_lufs", level(measure.short_term_max.value)},
          {"momentary_max_lufs", level(measure.momentary_max.value)},
          {"lra_lu", level(measure.loudness_range.value)}};
}

/// For the report, which has no minus infinity: what is down on the desk is as silent there as in the mix.
GainPlan with_silent_tracks(GainPlan plan) {
  for (TrackPlan& track : plan.tracks) {
    if (std::isfinite(track.gain().value)) continue;
    track.is_silent = true;
    track.nominal = track.fader = Db{};
    track.why = "It is down on the desk, or muted by the session: not in the mix.";
  }
  return plan;
}

class Saving {
 public:
  Saving(const OpenedSession& opened, const SaveRequest& request, const SaveState& state,
         const Measurements* measurements, const FlowLevels* levels, const WorkOptions& work)
      : opened_(opened),
        request_(request),
        state_(state),
        measurements_(measurements),
        levels_(levels),
        work_(work) {
    measuring_.with_history = true;
    settings_.render.format = "wav";
  }

  SaveResult done() {
    remember_place(opened_.folder);
    // What is heard in the mix is quoted by the report, so that comes last.
    for (const Saved what : {Saved::mix, Saved::stems, Saved::session, Saved::report}) {
      const auto item = std::ranges::find(request_.items, what, &SaveRequest::Item::what);
      if (item == request_.items.end()) continue;
      if (auto saved = save(*item); !saved) {
        result_.error = saved.error();
        break;
      }
      ++done_;
    }
    return std::move(result_);
  }

 private:
  std::string path_of(const std::string& name) const { return (fs::path(opened_.folder) / name).string(); }
  Overwrite overwrite() const { return request_.may_replace ? Overwrite::yes : Overwrite::no; }

  /// A part of the present item's share of the whole work.
  WorkOptions part(double from, double to) const {
    const auto count = static_cast<double>(request_.items.size());
    const auto begun = static_cast<double>(done_);
    return part_of(work_, (begun + from) / count, (begun + to) / count);
  }

  Result<void> save(const SaveRequest::Item& item) {
    switch (item.what) {
      case Saved::mix:
        return mix(item.name);
      case Saved::stems:
        return stems(item.name);
      case Saved::session:
        return session(item.name);
      case Saved::report:
        break;
    }
    return report(item.name);
  }

  void add(Saved what, const std::string& name, const std::optional<Measure>& measured,
           std::string sentence) {
    result_.outputs.push_back(name);
    result_.saved.push_back({{"what", to_string(what)},
                             {"name", name},
                             {"measured", measured ? figures(*measured) : Json()},
                             {"sentence", std::move(sentence)}});
  }

  Result<void> mix(const std::string& name) {
    RenderOptions options;
    const bool is_flac = name.ends_with(".flac");
    settings_.render.format = is_flac ? "flac" : "wav";
    options.format.container = is_flac ? Container::flac : Container::wav;
    options.format.sample_format = SampleFormat::pcm24;
    options.overwrite = overwrite();
    const std::string path = path_of(name);
    Result<RenderReport> rendered =
        opened_.is_stems()
            ? render_mix(opened_.session(),
                         stem_gains(opened_.table, state_.values, opened_.session().tracks.size()), path,
                         options, part(0.0, 0.6))
            : render_mix(session_at(opened_.session(), state_.ratios),
                         std::vector<Db>(opened_.session().tracks.size()), path, options, part(0.0, 0.6));
    if (!rendered) return tl::unexpected(rendered.error());
    auto measured = measure_file(path, measuring_, part(0.6, 1.0));
    if (!measured) {
      result_.outputs.push_back(name);
      return tl::unexpected(measured.error());
    }
    std::string sentence = fmt::format("{} measures {:.1f} LUFS with a true peak of {:.1f} dBTP.", name,
                                       measured->measure.integrated.value, measured->measure.true_peak.value);
    if (rendered->clipped_samples > 0)
      sentence +=
          fmt::format(" {} samples were over full scale and are clipped in it.", rendered->clipped_samples);
    add(Saved::mix, name, measured->measure, std::move(sentence));
    written_.emplace(WrittenMix{*std::move(measured), *std::move(rendered), {}});
    return {};
  }

  Result<void> stems(const std::string& name) {
    auto folder = OutputFolder::create(path_of(name), overwrite());
    if (!folder) return tl::unexpected(folder.error());
    auto written = render_stems(opened_.session(),
                                stem_gains(opened_.table, state_.values, opened_.session().tracks.size()),
                                folder->path(), {}, part(0.0, 1.0));
    if (!written) return tl::unexpected(folder->in_final_words(written.error()));
    if (auto committed = folder->commit(); !committed) return committed;
    add(Saved::stems, name, std::nullopt, fmt::format("{} stems are in {}.", written->paths.size(), name));
    return {};
  }

  Result<void> session(const std::string& name) {
    return opened_.daw ? patched_session(name) : new_session(name);
  }

  Result<void> patched_session(const std::string& name) {
    if (auto patched = patch(); !patched) return patched;
    auto measured = measure_mix(*after_, measuring_, part(0.1, 0.9));
    if (!measured) return tl::unexpected(measured.error());
    if (auto written = write_file(path_of(name), patched_->bytes, overwrite()); !written) return written;
    std::string sentence = fmt::format("{} plays at {:.1f} LUFS with a true peak of {:.1f} dBTP.", name,
                                       measured->measure.integrated.value, measured->measure.true_peak.value);
    for (const StageLoss& loss : patched_->losses) sentence += " " + loss.sentence;
    add(Saved::session, name, measured->measure, std::move(sentence));
    if (!written_) written_.emplace(WrittenMix{*std::move(measured), {}, {}});
    return {};
  }

  Result<void> patch() {
    if (patched_) return {};
    auto patched = opened_.daw->document.patch(changes_at(opened_.table, state_.values),
                                               unmuted_at(opened_.table, state_.values));
    if (!patched) return tl::unexpected(patched.error());
    auto after = session_of_bytes(*opened_.daw, patched->bytes);
    if (!after) return tl::unexpected(after.error());
    patched_.emplace(*std::move(patched));
    after_.emplace(*std::move(after));
    return {};
  }

  GainPlan present_plan() const {
    return plan_at(opened_, state_.values, state_.ratios, state_.plan ? &state_.plan->plan : nullptr);
  }

  Result<void> new_session(const std::string& name) {
    auto written =
        write_new_session(path_of(name), opened_.session(), present_plan(), {CopyMedia::no, overwrite()});
    if (!written) return tl::unexpected(written.error());
    std::string sentence = fmt::format("{} has {} tracks.", name, opened_.session().tracks.size());
    for (const std::string& note : written->notes) sentence += " " + note;
    add(Saved::session, name, std::nullopt, std::move(sentence));
    daw_report_.emplace(std::move(written->report));
    daw_report_->written = name;
    return {};
  }

  /// The mix as it stands, where none was written.
  Result<void> hear_the_mix() {
    if (written_) return {};
    auto measured = measure_mix(session_at(opened_.playable, state_.ratios), measuring_, part(0.0, 0.9));
    if (!measured) return tl::unexpected(measured.error());
    written_.emplace(WrittenMix{*std::move(measured), {}, {}});
    return {};
  }

  Result<void> report(const std::string& name) {
    if (auto heard = hear_the_mix(); !heard) return heard;
    const auto target = meant(state_.values.common.target, state_.targets);
    if (!target) return tl::unexpected(target.error());
    settings_.target = *target;
    settings_.staging.target = *target->aim;
    std::vector<Warning> notes = opened_.notes;
    notes.push_back({"by-hand", "", "The gains are those of the desk, where hands have the last word.", {}});
    Report made =
        make_report(opened_.session(), {*measurements_, with_silent_tracks(present_plan())}, settings_,
                    {{"target", settings_.target.id}}, state_.targets, std::move(notes), written_);
    if (opened_.daw) {
      if (auto patched = patch(); !patched) return patched;
      take_flow_levels(made, opened_.session(), *levels_);
      made.daw = session_changes(*opened_.daw, {}, *patched_, *after_);
      made.daw->place = "auto";
    } else if (daw_report_) {
      made.daw = std::move(daw_report_);
    }
    const std::string json = to_json_text(made);
    const std::string stem = name.substr(0, name.rfind('.'));
    if (auto written = write_file(path_of(stem + ".json"), json, overwrite()); !written) return written;
    add(Saved::report, stem + ".json", std::nullopt, "");
    if (report_page().empty()) return {};
    auto written = write_file(path_of(stem + ".html"), fill_report_page(report_page(), json), overwrite());
    if (!written) return written;
    add(Saved::report, stem + ".html", std::nullopt, "");
    return {};
  }

  const OpenedSession& opened_;
  const SaveRequest& request_;
  const SaveState& state_;
  const Measurements* measurements_;
  const FlowLevels* levels_;
  WorkOptions work_;
  MeasureOptions measuring_;
  StageSettings settings_;
  std::size_t done_ = 0;
  std::optional<WrittenMix> written_;
  std::optional<PatchedSession> patched_;
  std::optional<Session> after_;
  std::optional<ReportSession> daw_report_;
  SaveResult result_;
};

}  // namespace

SaveResult save(const OpenedSession& opened, const SaveRequest& request, const SaveState& state,
                const Measurements* measurements, const FlowLevels* levels, const WorkOptions& work) {
  return Saving(opened, request, state, measurements, levels, work).done();
}

}  // namespace gainstage::desk
