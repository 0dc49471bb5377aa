// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <utility>

#include "command.h"
#include "engine/decoded_samples.h"
#include "progress_bar.h"
#include "report/views.h"
#include "settings_file.h"
#include "stems.h"
#include "web/report_page.h"
#include "workspace/daw_session.h"
#include "workspace/make_report.h"
#include "workspace/new_session.h"
#include "workspace/output_folder.h"

namespace gainstage::cli {
namespace {

namespace fs = std::filesystem;

/// One run: what was asked for, and what is known so far.
class Staging {
 public:
  Staging(const Job& job, Values from_file)
      : job_(job),
        from_file_(std::move(from_file)),
        values_(merged(*job.arguments.command, from_file_, job.arguments.values)),
        given_(*job.arguments.command, values_),
        folder_(job.arguments.operands[0]),
        decoded_(memory_for_samples(given_)),
        bar_(job.console) {
    out_ = given_.has("out") ? given_.text("out") : default_output(folder_);
    work_ = work_options(given_, job.cancellation);
    work_.progress = bar_.progress();
    work_.decoded = &decoded_;
  }

  Result<int> run() {
    if (auto read = prepare(); !read) return tl::unexpected(read.error());
    if (given_.has("dry-run")) {
      if (auto staged = decide(); !staged) return tl::unexpected(staged.error());
      const Report report = make(std::nullopt);
      tell(report);
      return code(report);
    }
    const Overwrite overwrite = given_.has("force") ? Overwrite::yes : Overwrite::no;
    if (format_of_name(out_)) return write_session(overwrite);
    auto output = OutputFolder::create(out_, overwrite);
    if (!output) return tl::unexpected(output.error());
    if (auto staged = decide(); !staged) return tl::unexpected(staged.error());
    bar_.clear();
    job_.console.note(feasibility_text(staged_.plan, settings_.staging.target, settings_.staging.reach,
                                       job_.console.error_style()));
    auto report = write(*output);
    if (!report) return tl::unexpected(output->in_final_words(report.error()));
    if (auto committed = output->commit(); !committed) return tl::unexpected(committed.error());
    bar_.clear();
    tell(*report);
    return code(*report);
  }

 private:
  Result<void> prepare() {
    auto targets = known_targets(given_);
    if (!targets) return tl::unexpected(targets.error());
    targets_ = *std::move(targets);
    const auto target = chosen_target(given_, targets_);
    if (!target) return tl::unexpected(target.error());
    if (auto settings = stage_settings(given_, *target); !settings) return tl::unexpected(settings.error());
    if (const auto doubt = confidence_warning(*target)) job_.console.warn(*doubt);

    auto stems =
        load_stems(folder_, given_.has("force") ? BadStems::leave_out : BadStems::refuse, job_.console);
    if (!stems) return tl::unexpected(stems.error());
    stems_ = *std::move(stems);
    auto values = merged(*job_.arguments.command, from_file_, job_.arguments.values, stems_.session);
    if (!values) return tl::unexpected(values.error());
    values_ = *std::move(values);
    auto settings = stage_settings(given_, *target);
    if (!settings) return tl::unexpected(settings.error());
    settings_ = *std::move(settings);
    auto resolved = resolve_names(stems_.session, settings_.staging);
    if (!resolved) return tl::unexpected(resolved.error());
    settings_.staging = *std::move(resolved);
    if (given_.has("dry-run")) return {};
    if (format_of_name(out_)) return check_new_session(out_, folder_, stems_.session, given_.has("force"));
    return check_output(out_, folder_, stems_.session);
  }

  Result<void> decide() {
    auto staged = stage(stems_.session, settings_.staging, settings_.measuring, work_);
    if (!staged) return tl::unexpected(staged.error());
    staged_ = *std::move(staged);
    settings_.render.limiter_ceiling = staged_.plan.limiter_ceiling;
    return {};
  }

  /// A DAW's session around the stems, in place of a mix.
  Result<int> write_session(Overwrite overwrite) {
    if (auto staged = decide(); !staged) return tl::unexpected(staged.error());
    auto written = write_new_session(out_, stems_.session, staged_.plan,
                                     {given_.has("copy-media") ? CopyMedia::yes : CopyMedia::no, overwrite});
    if (!written) return tl::unexpected(written.error());
    for (const std::string& sentence : written->notes) job_.console.warn(sentence);
    Report report = make(std::nullopt);
    report.daw = std::move(written->report);
    const std::string json = to_json_text(report);
    const std::string beside =
        (fs::path(out_).parent_path() / fs::path(out_).stem()).string() + ".report.json";
    if (auto saved = write_file(beside, json, overwrite); !saved) return tl::unexpected(saved.error());
    tell(report);
    if (!given_.has("json")) job_.console.print(fmt::format("\nWritten to {}\n", printable(out_)));
    return code(report);
  }

  /// Writes everything into the temporary folder, and measures the mix as it was written.
  Result<Report> write(const OutputFolder& output) {
    const fs::path folder(output.path());
    const std::string mix_path = (folder / ("mix." + settings_.render.format)).string();
    const std::vector<Db> gains = rendered_gains(staged_.plan);
    const RenderOptions options = render_options(settings_.render);
    auto rendered = render_mix(stems_.session, gains, mix_path, options, work_);
    if (!rendered) return tl::unexpected(rendered.error());
    std::vector<std::string> stems;
    if (given_.has("stems")) {
      auto written = write_stems(folder, gains, options);
      if (!written) return tl::unexpected(written.error());
      stems = *std::move(written);
    }
    MeasureOptions measuring = settings_.measuring;
    measuring.with_history = true;
    auto measured = measure_file(mix_path, measuring, work_);
    if (!measured) return tl::unexpected(measured.error());

    Report report = make(WrittenMix{*std::move(measured), *std::move(rendered), std::move(stems)});
    const std::string json = to_json_text(report);
    auto written = write_file((folder / "report.json").string(), json, Overwrite::no);
    if (!written) return tl::unexpected(written.error());
    if (auto page = write_page(folder, json); !page) return tl::unexpected(page.error());
    return report;
  }

  /// The stems' paths within the folder.
  Result<std::vector<std::string>> write_stems(const fs::path& folder, const std::vector<Db>& gains,
                                               const RenderOptions& options) {
    RenderOptions stem_options = options;
    stem_options.limiter_ceiling.reset();  // It works on the mix.
    const auto written =
        render_stems(stems_.session, gains, (folder / "stems").string(), stem_options, work_);
    if (!written) return tl::unexpected(written.error());
    std::vector<std::string> paths;
    for (const std::string& path : written->paths)
      paths.push_back(fs::path(path).lexically_relative(folder).generic_string());
    return paths;
  }

  Result<void> write_page(const fs::path& folder, const std::string& json) {
    if (given_.has("no-html")) return {};
    if (report_page().empty()) {
      job_.console.note("report.html is left out: this gainstage was built without its page\n");
      return {};
    }
    const std::string page = fill_report_page(report_page(), json);
    return write_file((folder / "report.html").string(), page, Overwrite::no);
  }

  Report make(const std::optional<WrittenMix>& written) const {
    return make_report(stems_.session, staged_, settings_, given_.settings(), targets_, stems_.notes,
                       written);
  }

  void tell(const Report& report) {
    bar_.clear();
    if (given_.has("json")) {
      job_.console.print_json(to_json_text(report));
      return;
    }
    const TextStyle& style = job_.console.style();
    job_.console.print(stage_text(report, style));
    if (report.master)
      job_.console.print(style.paint(fmt::format("\nWritten to {}\n", printable(out_)), Ink::bold));
  }

  int code(const Report& report) const {
    return given_.has("strict") && !report.is_reached ? exit_not_met : exit_done;
  }

  const Job& job_;
  Values from_file_;
  Values values_;  ///< By spelling at first, by track once the session is known.
  Given given_;    ///< Of values_.
  std::string folder_;
  std::string out_;
  DecodedSamples decoded_;
  ProgressBar bar_;
  WorkOptions work_;
  std::vector<Target> targets_;
  StageSettings settings_;
  Stems stems_;
  StagedSession staged_;
};

}  // namespace

Result<int> run_stage(const Job& job) {
  if (is_daw_session(job.arguments.operands[0])) return run_stage_session(job);
  for (const char* option : {"printed", "render", "before-inserts"}) {
    if (job.given.has(option))
      return failure(ErrorCode::usage,
                     fmt::format("--{} goes with a DAW's session, not with a folder of stems", option));
  }
  auto from_file = folder_values(job.arguments.operands[0], *job.arguments.command);
  if (!from_file) return tl::unexpected(from_file.error());
  return Staging(job, *std::move(from_file)).run();
}

}  // namespace gainstage::cli
