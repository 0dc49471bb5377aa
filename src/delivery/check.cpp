// SPDX-License-Identifier: MIT
#include "delivery/check.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gainstage {
namespace {

double as_shown(double value) { return std::isfinite(value) ? std::round(value * 100.0) / 100.0 : value; }

bool is_loudness(Figure figure) { return info(figure).unit == "LUFS"; }

/// Why a sound has no loudness.
std::string no_loudness(Figure figure, const Measure& measure) {
  if (figure == Figure::short_term_max && measure.duration_s < 3.0)  // EBU Tech 3341: the window.
    return "the file is too short to be measured: a short-term loudness needs 3 s";
  if (measure.duration_s < 0.4)  // BS.1770-5: the gating block.
    return "the file is too short to be measured: a loudness needs 0.4 s";
  return "the file is too quiet to be measured: it stays under -70 LUFS";
}

CheckedClause check_clause(const Measure& measure, const Clause& clause) {
  CheckedClause checked{clause, std::nullopt, ClauseResult::not_judged};
  if (!clause.figure) {
    if (clause.see) checked.measured = value_of(*clause.see, measure);
    return checked;
  }
  checked.measured = value_of(*clause.figure, measure);
  if (clause.when) {
    const auto condition = value_of(clause.when->figure, measure);
    if (!condition || as_shown(*condition) <= clause.when->over) {
      checked.result = ClauseResult::no_matter;
      return checked;
    }
  }
  if (!checked.measured) {
    checked.clause.reason = "the file has no such figure";
    checked.clause.is_deciding = !clause.is_advice;
    return checked;
  }
  const double value = as_shown(*checked.measured);
  if (std::isinf(value) && is_loudness(*clause.figure) && !measure.is_silent()) {
    checked.measured.reset();
    checked.clause.reason = no_loudness(*clause.figure, measure);
  }
  const bool is_met =
      (!clause.min || value >= as_shown(*clause.min)) && (!clause.max || value <= as_shown(*clause.max));
  if (is_met) {
    checked.result = ClauseResult::pass;
  } else {
    checked.result = clause.is_advice ? ClauseResult::advice : ClauseResult::fail;
  }
  return checked;
}

}  // namespace

bool Check::has_judged() const {
  return std::ranges::any_of(clauses, [](const CheckedClause& checked) {
    return checked.result == ClauseResult::pass || checked.result == ClauseResult::fail;
  });
}

Check check(const Measure& measure, const Target& target) {
  Check result;
  bool has_failed = false;
  bool is_open = false;
  for (const Clause& clause : target.clauses) {
    result.clauses.push_back(check_clause(measure, clause));
    const CheckedClause& checked = result.clauses.back();
    has_failed = has_failed || checked.result == ClauseResult::fail;
    is_open = is_open || (checked.result == ClauseResult::not_judged && checked.clause.is_deciding);
  }
  if (has_failed) {
    result.verdict = Verdict::fail;
  } else if (is_open) {
    result.verdict = Verdict::cannot_be_judged_fully;
  }
  return result;
}

std::vector<std::string> targets_met(const Measure& measure, const std::vector<Target>& targets) {
  std::vector<std::string> met;
  for (const Target& target : targets) {
    const bool asks_for_loudness = std::ranges::any_of(target.clauses, [](const Clause& clause) {
      return clause.figure == Figure::integrated && !clause.is_advice;
    });
    if (asks_for_loudness && check(measure, target).verdict == Verdict::pass) met.push_back(target.id);
  }
  return met;
}

std::string_view to_string(Verdict verdict) {
  constexpr std::array<std::string_view, 3> names{"pass", "fail", "cannot be judged fully"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string_view to_string(ClauseResult result) {
  constexpr std::array<std::string_view, 5> names{"pass", "fail", "advice", "not judged", "does not apply"};
  return names[static_cast<std::size_t>(result)];
}

}  // namespace gainstage
