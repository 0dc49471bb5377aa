// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <filesystem>

#include "command.h"
#include "progress_bar.h"
#include "report/saved_plan.h"
#include "stems.h"
#include "workspace/daw_session.h"
#include "workspace/output_folder.h"
#include "workspace/written_places.h"

namespace gainstage::cli {

namespace {

namespace fs = std::filesystem;

Result<int> write_mix(const Job& job, const Session& session, const std::vector<Db>& gains,
                      const std::string& out, RenderOptions options) {
  options.overwrite = job.given.has("force") ? Overwrite::yes : Overwrite::no;
  ProgressBar bar(job.console);
  WorkOptions work = work_options(job.given, job.cancellation);
  work.progress = bar.progress();
  remember_place(fs::path(out).parent_path().string());
  const auto rendered = render_mix(session, gains, out, options, work);
  if (!rendered) return tl::unexpected(rendered.error());
  bar.clear();
  if (rendered->clipped_samples > 0) {
    job.console.warn(fmt::format("{} samples were over full scale and are clipped in the file",
                                 rendered->clipped_samples));
  }
  job.console.print(fmt::format("Written to {}\n", printable(out)));
  return exit_done;
}

/// What the desk of a session plays, at a plan's gains or as it stands.
Result<int> render_session(const Job& job) {
  const std::string& path = job.arguments.operands[0];
  const std::string out = job.given.text("out");
  const std::string extension = fs::path(out).extension().string();
  if (extension != ".wav" && extension != ".flac")
    return failure(ErrorCode::usage,
                   fmt::format("{} is neither a .wav nor a .flac; name one to write the mix to", out));
  const auto opened = load_daw_session(path, job.given.text("printed"));
  if (!opened) return tl::unexpected(opened.error());
  for (const Warning& note : opened->notes) job.console.warn(note.sentence);
  std::vector<Db> gains(opened->session.tracks.size());
  RenderOptions options;
  options.format.container = extension == ".flac" ? Container::flac : Container::wav;
  options.format.sample_format = extension == ".flac" ? SampleFormat::pcm24 : SampleFormat::float32;
  if (job.given.has("plan")) {
    const std::string plan_path = job.given.text("plan");
    const auto text = read_text(plan_path);
    if (!text) return tl::unexpected(text.error());
    const auto plan = parse_saved_plan(*text, plan_path);
    if (!plan) return tl::unexpected(plan.error());
    const auto planned = gains_for(*plan, opened->session, plan_path);
    if (!planned) return tl::unexpected(planned.error());
    gains = *planned;
    options = render_options(plan->render);
  }
  for (const SessionSource& source : opened->session.flow->sources) {
    std::error_code ignored;
    if (source.found_path && fs::equivalent(*source.found_path, out, ignored))
      return failure(ErrorCode::usage,
                     fmt::format("{} is played by the session; write to another file", out));
  }
  return write_mix(job, opened->session, gains, out, options);
}

}  // namespace

Result<int> run_render(const Job& job) {
  const std::string& folder = job.arguments.operands[0];
  if (is_daw_session(folder)) return render_session(job);
  if (!job.given.has("plan"))
    return failure(ErrorCode::usage, "stems are rendered by a plan; name the report.json with --plan");
  const std::string plan_path = job.given.text("plan");
  const std::string out = job.given.text("out");
  const auto text = read_text(plan_path);
  if (!text) return tl::unexpected(text.error());
  const auto plan = parse_saved_plan(*text, plan_path);
  if (!plan) return tl::unexpected(plan.error());
  const std::string extension = std::filesystem::path(out).extension().string();
  if (extension != "." + plan->render.format) {
    return failure(ErrorCode::usage, fmt::format("the plan is of a .{} file, but {} does not end so",
                                                 plan->render.format, out));
  }

  // What was left out when the plan was made is not in it, and is left out again.
  const auto stems = load_stems(folder, BadStems::leave_out, job.console);
  if (!stems) return tl::unexpected(stems.error());
  for (const Warning& note : stems->notes)
    job.console.warn(note.track.empty() ? note.sentence : note.track + ": " + note.sentence);
  const auto gains = gains_for(*plan, stems->session, plan_path);
  if (!gains) return tl::unexpected(gains.error());
  if (auto checked = check_output_file(out, folder, stems->session); !checked)
    return tl::unexpected(checked.error());

  return write_mix(job, stems->session, *gains, out, render_options(plan->render));
}

}  // namespace gainstage::cli
