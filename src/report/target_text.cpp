// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/views.h"

namespace gainstage {
namespace {

Cell result_cell(const CheckedClause& checked) {
  switch (checked.result) {
    case ClauseResult::pass:
      return {"pass", Ink::good};
    case ClauseResult::fail:
      return {"fail", Ink::bad};
    case ClauseResult::advice:
      return {"advice not followed", Ink::caution};
    case ClauseResult::not_judged:
      return {"not judged", checked.clause.is_deciding ? Ink::caution : Ink::dim};
    case ClauseResult::no_matter:
      return {"does not apply", Ink::dim};
  }
  return {};
}

std::string measured_text(const CheckedClause& checked) {
  const auto figure = checked.clause.figure ? checked.clause.figure : checked.clause.see;
  if (!figure || !checked.measured) return "";
  const double value = *checked.measured;
  const std::string number =
      std::isfinite(value) ? fmt::format("{:.2f} {}", value, info(*figure).unit) : level_text(value);
  return checked.clause.figure ? number : fmt::format("({} {})", info(*figure).title, number);
}

/// What is asked, as far as a column holds it; what can't be judged is said in a sentence, in the remark.
std::string asked_text(const Clause& clause) {
  return clause.figure ? printable(demand(clause)) : "see below";
}

/// What is to be said beside a clause.
std::string remark(const Clause& clause) {
  std::string text = clause.figure ? clause.reason : clause.text + ": " + clause.reason;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (!clause.note.empty()) add(clause.note);
  if (clause.tolerance_is_ours) add("the tolerance is Gainstage's, the destination states none");
  return text;
}

std::string figure_title(const Clause& clause) {
  return clause.figure ? std::string(info(*clause.figure).title) : "-";
}

std::string verdict_text(const Check& check, const TextStyle& style) {
  if (check.verdict == Verdict::fail) {
    const auto failed = std::ranges::count(check.clauses, ClauseResult::fail, &CheckedClause::result);
    return style.paint(fmt::format("fail, {} clause{} violated", failed, failed == 1 ? "" : "s"), Ink::bad);
  }
  if (check.verdict == Verdict::pass) return style.paint("pass", Ink::good);
  return style.paint(
      check.has_judged() ? "cannot be judged fully; what can be is met" : "nothing of it can be judged",
      Ink::caution);
}

/// The first unconditional bound of a figure, without its unit: "-14.0 ±0.5", "-1.0".
std::string short_demand(const Target& target, Figure figure) {
  for (const Clause& clause : target.clauses) {
    if (clause.figure != figure || clause.when) continue;
    if (clause.wanted) return fmt::format("{:.1f} ±{:.1f}", *clause.wanted, *clause.max - *clause.wanted);
    if (clause.min && clause.max) return fmt::format("{:.1f} to {:.1f}", *clause.min, *clause.max);
    return fmt::format("{:.1f}", clause.max ? *clause.max : *clause.min);
  }
  return "-";
}

}  // namespace

std::string check_text(const std::string& file, const Check& check, const Target& target,
                       const TextStyle& style) {
  TextTable table(
      {{"Clause", Align::left}, {"Asked", Align::left, true}, {"Measured", Align::left}, {"", Align::left}});
  for (const CheckedClause& checked : check.clauses) {
    table.add({{figure_title(checked.clause)},
               {asked_text(checked.clause)},
               {measured_text(checked)},
               result_cell(checked)});
    table.note(printable(remark(checked.clause)));
  }
  return style.paint(printable(file), Ink::bold) + " for " + printable(target.title) + ": " +
         verdict_text(check, style) + '\n' + table.text(style);
}

std::string targets_text(const std::vector<Target>& targets, const TextStyle& style) {
  TextTable table({{"Name", Align::left},
                   {"Destination", Align::left, true},
                   {"LUFS", Align::left},
                   {"dBTP", Align::right},
                   {"Confidence", Align::left},
                   {"Checked", Align::left}});
  for (const Target& target : targets) {
    const bool is_doubtful = confidence_warning(target).has_value();
    const bool is_open = std::ranges::any_of(target.clauses, &Clause::is_deciding);
    const std::string integrated = short_demand(target, Figure::integrated);
    table.add({{target.id, Ink::bold},
               {printable(target.title)},
               {integrated == "-" && is_open ? "not judged" : integrated},
               {short_demand(target, Figure::true_peak)},
               {std::string(to_string(target.confidence)), is_doubtful ? Ink::caution : Ink::plain},
               {printable(target.checked_on), Ink::dim}});
  }
  return table.text(style);
}

std::string target_text(const Target& target, const TextStyle& style) {
  TextTable clauses({{"Clause", Align::left}, {"Asked", Align::left, true}, {"", Align::left}});
  for (const Clause& clause : target.clauses) {
    const bool is_open = !clause.figure;
    clauses.add(
        {{figure_title(clause)},
         {asked_text(clause)},
         {is_open ? "not judged" : (clause.is_advice ? "advice" : ""), is_open ? Ink::caution : Ink::dim}});
    clauses.note(printable(remark(clause)));
  }
  std::string text =
      style.paint(printable(target.title), Ink::bold) + " (" + target.id + ")\n" + clauses.text(style);
  const auto line = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += wrapped(fmt::format("{}: {}", name, printable(value)), style.width, 2) + '\n';
  };
  line("Staged to", target.aim
                        ? fmt::format("{} LUFS under {} dBTP", level_text(target.aim->integrated.value),
                                      level_text(target.aim->ceiling.value))
                        : "no; it asks for no loudness that can be raised to");
  line("Behaviour", target.behaviour);
  line("Source", target.source);
  line("Page", target.source_url);
  line("Checked on", target.checked_on);
  line("Confidence", std::string(to_string(target.confidence)));
  return text;
}

}  // namespace gainstage
