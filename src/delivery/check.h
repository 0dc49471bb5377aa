// SPDX-License-Identifier: MIT
// Whether a measure meets what a destination asks for.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "delivery/target.h"

namespace gainstage {

enum class ClauseResult {
  pass,
  fail,
  advice,      ///< Advice that is not followed; no violation.
  not_judged,  ///< It can't be told from a measure.
  no_matter,   ///< Its condition does not hold.
};

struct CheckedClause {
  Clause clause;
  std::optional<double>
      measured;  ///< The figure (or the nearest there is); absent: none. May be minus infinity.
  ClauseResult result = ClauseResult::not_judged;
};

enum class Verdict {
  pass,                    ///< Every clause that binds was judged and is met.
  fail,                    ///< A clause is violated.
  cannot_be_judged_fully,  ///< What can be judged is met, but a deciding clause can't be judged.
};

struct Check {
  Verdict verdict = Verdict::pass;
  std::vector<CheckedClause> clauses;  ///< In the target's order.

  /// False when there was nothing at all that could be judged.
  bool has_judged() const;
};

/// Figures are compared as they are shown, to 0.01 of their unit: a true peak of -0.996 meets a ceiling of
/// -1.
Check check(const Measure& measure, const Target& target);

/// The ids of the targets that ask for a loudness and whose every clause this measure meets.
std::vector<std::string> targets_met(const Measure& measure, const std::vector<Target>& targets);

std::string_view to_string(Verdict verdict);
std::string_view to_string(ClauseResult result);

}  // namespace gainstage
