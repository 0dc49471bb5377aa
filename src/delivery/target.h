// SPDX-License-Identifier: MIT
// What a destination asks of a mix, as data: figures with bounds, and clauses that only a person can judge.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "staging/measurements.h"
#include "staging/options.h"

namespace gainstage {

/// A figure of a measure that a clause can bound.
enum class Figure {
  integrated,
  momentary_max,
  short_term_max,
  loudness_range,
  true_peak,
  sample_peak,
  rms,
  noise_floor,
  duration,
  channels,
};

struct FigureInfo {
  Figure figure;
  std::string_view name;   ///< As in report.json: "integrated_lufs".
  std::string_view title;  ///< For people: "integrated".
  std::string_view unit;   ///< "LUFS".
};

const FigureInfo& info(Figure figure);
std::optional<Figure> figure_by_name(std::string_view name);
/// Absent: not measured, or undefined there. Minus infinity: silence.
std::optional<double> value_of(Figure figure, const Measure& measure);

/// A clause that only holds for some measures: where `figure` is over `over`.
struct Condition {
  Figure figure = Figure::integrated;
  double over = 0.0;
};

/// One thing a destination asks for.
struct Clause {
  std::optional<Figure> figure;    ///< Absent: it can't be judged, and `text` says what is asked.
  std::optional<double> wanted;    ///< The value aimed at; the bounds lie around it.
  std::optional<double> min;       ///< Inclusive.
  std::optional<double> max;       ///< Inclusive.
  bool tolerance_is_ours = false;  ///< The destination states none.
  std::optional<Condition> when;
  bool is_advice = false;     ///< Not met: said, but no violation.
  std::string text;           ///< Of a clause that can't be judged.
  std::string reason;         ///< Why it can't be judged.
  std::optional<Figure> see;  ///< The nearest figure there is, to look at.
  bool is_deciding = false;   ///< Can't be judged, and nothing passes without it.
  std::string note;
};

/// How well a destination's figures are known.
enum class Confidence { platform, third_party, from_memory, contradictory, user };

struct Target {
  std::string id;  ///< Kebab-case, as given to --target.
  std::string title;
  std::string kind;  ///< "music streaming", "broadcast"...
  std::vector<Clause> clauses;
  std::optional<DeliveryTarget> aim;  ///< What staging aims at; absent where no loudness is asked for.
  std::string behaviour;              ///< What the destination does with what it gets.
  std::string source;
  std::string source_url;  ///< Empty: none.
  std::string checked_on;  ///< ISO date; empty: never.
  Confidence confidence = Confidence::user;
};

std::string_view to_string(Confidence confidence);

/// A clause's demand for people: "-14.0 LUFS ±0.5", "at most -1.0 dBTP".
std::string demand(const Clause& clause);

/// A sentence to show when the target is used though its figures are not sure; absent when they are.
std::optional<std::string> confidence_warning(const Target& target);

/// A target made of two numbers: --target -16.
Target numeric_target(Lufs integrated, Db ceiling);

/// Reads a file of targets (docs/targets.md). `file` is named in errors. Unknown names are errors.
Result<std::vector<Target>> parse_targets(std::string_view json, const std::string& file);

/// The destinations that come with the program.
const std::vector<Target>& built_in_targets();

/// `added` after `known`; one of the same id takes the other's place.
std::vector<Target> merged(std::vector<Target> known, std::vector<Target> added);

/// The target of this id, or a usage error that names the nearest one.
Result<Target> find_target(const std::vector<Target>& targets, std::string_view id);

}  // namespace gainstage
