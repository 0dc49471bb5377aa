// SPDX-License-Identifier: MIT
#include "command.h"
#include "engine/measure_flow.h"
#include "progress_bar.h"
#include "report/flow_views.h"
#include "version.h"
#include "workspace/daw_session.h"

namespace gainstage::cli {

Result<int> run_inspect(const Job& job) {
  const Given& given = job.given;
  const std::string& path = job.arguments.operands[0];
  const auto opened = load_daw_session(path, given.text("printed"), Emptiness::allow);
  if (!opened) return tl::unexpected(opened.error());
  InspectedSession inspected{path, &*opened->session.flow, {}, opened->notes};
  if (!given.has("no-levels") && !opened->session.tracks.empty()) {
    MeasureOptions options;
    options.true_peak = true_peak_filter(given);
    options.non_finite = given.has("force") ? NonFinite::silence : NonFinite::refuse;
    options.vu_reference = {given.number("reference")};
    options.with_stereo = false;
    ProgressBar bar(job.console);
    WorkOptions work = work_options(given, job.cancellation);
    work.progress = bar.progress();
    auto levels = measure_flow(opened->session, options, work);
    if (!levels) return tl::unexpected(levels.error());
    inspected.levels = *std::move(levels);
  }
  if (given.has("json")) {
    Json json = inspect_json(inspected);
    json["gainstage"] = {{"version", version}};
    job.console.print_json(pretty(json));
  } else {
    job.console.print(given.has("dot") ? inspect_dot(inspected)
                                       : inspect_text(inspected, job.console.style()));
  }
  return exit_done;
}

}  // namespace gainstage::cli
