// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "command.h"
#include "completion.h"
#include "demo/demo.h"
#include "manual.h"
#include "progress_bar.h"
#include "report/views.h"
#include "session/role.h"
#include "workspace/written_places.h"

namespace gainstage::cli {

Result<int> run_targets(const Job& job) {
  auto targets = known_targets(job.given);
  if (!targets) return tl::unexpected(targets.error());
  const std::vector<std::string>& operands = job.arguments.operands;
  if (!operands.empty()) {
    auto target = find_target(*targets, operands[0]);
    if (!target) return tl::unexpected(target.error());
    targets = std::vector{*std::move(target)};
  }
  if (job.given.has("json")) {
    Json list = Json::array();
    for (const Target& target : *targets) list.push_back(to_json(target));
    job.console.print_json(pretty({{"schema", "gainstage.targets/1"}, {"targets", std::move(list)}}));
  } else {
    const TextStyle& style = job.console.style();
    job.console.print(operands.empty() ? targets_text(*targets, style)
                                       : target_text(targets->front(), style));
  }
  return exit_done;
}

Result<int> run_roles(const Job& job) {
  Json list = Json::array();
  TextTable table({{"Role", Align::left}, {"Family", Align::left}, {"Band", Align::left}});
  for (const RoleInfo& role : all_roles()) {
    list.push_back({{"name", role.name},
                    {"family", to_string(role.family)},
                    {"band", role.band ? Json(to_string(*role.band)) : Json()}});
    table.add({{std::string(role.name), Ink::bold},
               {std::string(to_string(role.family))},
               {role.band ? std::string(to_string(*role.band)) : "by ear"}});
  }
  if (job.given.has("json")) {
    job.console.print_json(pretty({{"schema", "gainstage.roles/1"}, {"roles", std::move(list)}}));
  } else {
    job.console.print(table.text(job.console.style()));
  }
  return exit_done;
}

Result<int> run_demo(const Job& job) {
  const std::string& folder = job.arguments.operands[0];
  ProgressBar bar(job.console);
  WorkOptions work;
  work.cancellation = &job.cancellation;
  work.progress = bar.progress();
  remember_place(folder);
  const auto written = write_demo(folder, job.given.has("force") ? Overwrite::yes : Overwrite::no, work);
  if (!written) return tl::unexpected(written.error());
  bar.clear();
  job.console.print(fmt::format("{} stems written to {}\nNow try: gainstage stage {}\n", written->size(),
                                printable(folder), shell_word(printable(folder))));
  return exit_done;
}

Result<int> run_completion(const Job& job) {
  job.console.print(job.arguments.operands[0] == "bash" ? bash_completion() : zsh_completion());
  return exit_done;
}

Result<int> run_man(const Job& job) {
  job.console.print(manual_page());
  return exit_done;
}

}  // namespace gainstage::cli
