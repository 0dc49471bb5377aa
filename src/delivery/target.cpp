// SPDX-License-Identifier: MIT
#include "delivery/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "base/nearest_word.h"

namespace gainstage {
namespace {

constexpr std::array figures{
    FigureInfo{Figure::integrated, "integrated_lufs", "integrated", "LUFS"},
    FigureInfo{Figure::momentary_max, "momentary_max_lufs", "momentary max", "LUFS"},
    FigureInfo{Figure::short_term_max, "short_term_max_lufs", "short-term max", "LUFS"},
    FigureInfo{Figure::loudness_range, "lra_lu", "loudness range", "LU"},
    FigureInfo{Figure::true_peak, "true_peak_dbtp", "true peak", "dBTP"},
    FigureInfo{Figure::sample_peak, "sample_peak_dbfs", "sample peak", "dBFS"},
    FigureInfo{Figure::rms, "rms_dbfs", "RMS", "dBFS"},
    FigureInfo{Figure::noise_floor, "noise_floor_dbfs", "noise floor", "dBFS"},
    FigureInfo{Figure::duration, "duration_s", "duration", "s"},
    FigureInfo{Figure::channels, "channels", "channel count", "channels"},
};

}  // namespace

const FigureInfo& info(Figure figure) {
  const FigureInfo& found = figures[static_cast<std::size_t>(figure)];
  assert(found.figure == figure);
  return found;
}

std::optional<Figure> figure_by_name(std::string_view name) {
  for (const FigureInfo& entry : figures) {
    if (entry.name == name) return entry.figure;
  }
  return std::nullopt;
}

std::optional<double> value_of(Figure figure, const Measure& measure) {
  switch (figure) {
    case Figure::integrated:
      return measure.integrated.value;
    case Figure::momentary_max:
      return measure.momentary_max.value;
    case Figure::short_term_max:
      return measure.short_term_max.value;
    case Figure::loudness_range:
      return measure.loudness_range.value;
    case Figure::true_peak:
      return measure.true_peak.value;
    case Figure::sample_peak:
      return measure.sample_peak.value;
    case Figure::rms:
      return measure.rms.value;
    case Figure::noise_floor:
      return measure.noise_floor ? std::optional(measure.noise_floor->value) : std::nullopt;
    case Figure::duration:
      return measure.duration_s;
    case Figure::channels:
      return static_cast<double>(measure.channels);
  }
  return std::nullopt;
}

std::string_view to_string(Confidence confidence) {
  constexpr std::array<std::string_view, 5> names{"platform", "third-party", "from-memory", "contradictory",
                                                  "user"};
  return names[static_cast<std::size_t>(confidence)];
}

std::string demand(const Clause& clause) {
  if (!clause.figure) return clause.text;
  const std::string_view unit = info(*clause.figure).unit;
  std::string text;
  if (clause.wanted && clause.max) {
    text = fmt::format("{:.1f} {} ±{:.1f}", *clause.wanted, unit, *clause.max - *clause.wanted);
  } else if (clause.min && clause.max) {
    text = fmt::format("{:.1f} to {:.1f} {}", *clause.min, *clause.max, unit);
  } else if (clause.max) {
    text = fmt::format("at most {:.1f} {}", *clause.max, unit);
  } else {
    text = fmt::format("at least {:.1f} {}", clause.min.value_or(0.0), unit);
  }
  if (clause.when) {
    text += fmt::format(" when {} is over {:.1f} {}", info(clause.when->figure).title, clause.when->over,
                        info(clause.when->figure).unit);
  }
  return text;
}

std::optional<std::string> confidence_warning(const Target& target) {
  if (target.confidence == Confidence::from_memory) {
    return fmt::format(
        "the figures of {} are quoted from memory and not confirmed; look at {} before you deliver",
        target.title, target.source_url.empty() ? "its own page" : target.source_url);
  }
  if (target.confidence == Confidence::contradictory) {
    return fmt::format("sources contradict each other about {} ({}); ask before you deliver", target.title,
                       target.source);
  }
  return std::nullopt;
}

Target numeric_target(Lufs integrated, Db ceiling) {
  Target target;
  target.id = fmt::format("{:g} LUFS", integrated.value);
  target.title = fmt::format("{:g} LUFS under {:g} dBTP", integrated.value, ceiling.value);
  target.kind = "numbers";
  target.aim = DeliveryTarget{target.id, integrated, ceiling};
  Clause loudness;
  loudness.figure = Figure::integrated;
  loudness.wanted = integrated.value;
  loudness.min = integrated.value - 0.5;
  loudness.max = integrated.value + 0.5;
  loudness.tolerance_is_ours = true;
  Clause peak;
  peak.figure = Figure::true_peak;
  peak.max = ceiling.value;
  target.clauses = {loudness, peak};
  target.source = "the command line";
  return target;
}

std::vector<Target> merged(std::vector<Target> known, std::vector<Target> added) {
  for (Target& target : added) {
    const auto same = std::ranges::find(known, target.id, &Target::id);
    if (same != known.end()) {
      *same = std::move(target);
    } else {
      known.push_back(std::move(target));
    }
  }
  return known;
}

Result<Target> find_target(const std::vector<Target>& targets, std::string_view id) {
  std::vector<std::string> ids;
  for (const Target& target : targets) {
    if (target.id == id) return target;
    ids.push_back(target.id);
  }
  const auto nearest = nearest_word(id, ids);
  const std::string hint = nearest ? fmt::format("did you mean {}? ", *nearest) : "";
  return failure(
      ErrorCode::usage,
      fmt::format("no destination is called '{}'; {}`gainstage targets` lists them, and a number is "
                  "taken as LUFS",
                  id, hint));
}

}  // namespace gainstage
