// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <initializer_list>
#include <nlohmann/json.hpp>

#include "delivery/target.h"

namespace gainstage::embedded {
extern const std::string_view targets_json;
}

namespace gainstage {
namespace {

using Json = nlohmann::json;

/// One object of the file, read name by name; the first thing wrong is kept, and names nobody asked for are
/// wrong.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string place) : object_(object), place_(std::move(place)) {
    if (!object_.is_object()) complain("is not an object in braces");
  }

  bool has(const char* name) {
    known_.emplace_back(name);
    return object_.is_object() && object_.contains(name) && !object_[name].is_null();
  }

  std::string text(const char* name) {
    if (!has(name)) return "";
    if (object_[name].is_string()) return object_[name].get<std::string>();
    complain(fmt::format("has a '{}' that is not text", name));
    return "";
  }

  std::string needed_text(const char* name) {
    std::string value = text(name);
    if (value.empty()) complain(fmt::format("has no '{}'", name));
    return value;
  }

  std::optional<double> number(const char* name) {
    if (!has(name)) return std::nullopt;
    if (object_[name].is_number()) return object_[name].get<double>();
    complain(fmt::format("has a '{}' that is not a number", name));
    return std::nullopt;
  }

  bool flag(const char* name) {
    if (!has(name)) return false;
    if (object_[name].is_boolean()) return object_[name].get<bool>();
    complain(fmt::format("has a '{}' that is neither true nor false", name));
    return false;
  }

  std::optional<Figure> figure(const char* name) {
    const std::string value = text(name);
    if (value.empty()) return std::nullopt;
    const auto found = figure_by_name(value);
    if (!found) complain(fmt::format("has an unknown {} '{}'", name, value));
    return found;
  }

  const Json& at(const char* name) const { return object_[name]; }

  void complain(std::string what) {
    if (problem_.empty()) problem_ = fmt::format("{} {}", place_, what);
  }

  /// What is wrong; empty when nothing is.
  std::string problem() {
    if (problem_.empty() && object_.is_object()) {
      for (const auto& [name, value] : object_.items()) {
        if (std::ranges::find(known_, name) == known_.end()) {
          complain(fmt::format("has an unknown name '{}'", name));
        }
      }
    }
    return problem_;
  }

 private:
  const Json& object_;
  std::string place_;
  std::vector<std::string> known_;
  std::string problem_;
};

Clause read_clause(const Json& json, const std::string& place, std::string& problem) {
  ObjectReader reader(json, place);
  Clause clause;
  clause.note = reader.text("note");
  clause.figure = reader.figure("figure");
  if (clause.figure) {
    clause.wanted = reader.number("wanted");
    const auto tolerance = reader.number("tolerance");
    clause.min = reader.number("min");
    clause.max = reader.number("max");
    clause.is_advice = reader.flag("advice");
    const std::string by = reader.text("tolerance_by");
    if (!by.empty() && by != "gainstage") reader.complain("has a 'tolerance_by' other than 'gainstage'");
    clause.tolerance_is_ours = !by.empty();
    if (clause.wanted && (!tolerance || *tolerance < 0.0 || clause.min || clause.max)) {
      reader.complain("has 'wanted', which goes with a 'tolerance' and without 'min' and 'max'");
    } else if (clause.wanted) {
      clause.min = *clause.wanted - *tolerance;
      clause.max = *clause.wanted + *tolerance;
    } else if (tolerance) {
      reader.complain("has a 'tolerance' without 'wanted'");
    }
    if (!clause.min && !clause.max)
      reader.complain("has no bound: 'wanted' with 'tolerance', 'min' or 'max'");
    if (clause.min && clause.max && *clause.min > *clause.max) reader.complain("has 'min' over 'max'");
    if (reader.has("when")) {
      ObjectReader when(reader.at("when"), place + ": 'when'");
      const auto figure = when.figure("figure");
      const auto over = when.number("over");
      if (!figure || !over) when.complain("needs 'figure' and 'over'");
      if (std::string wrong = when.problem(); !wrong.empty() && problem.empty()) problem = std::move(wrong);
      if (figure && over) clause.when = Condition{*figure, *over};
    }
  } else {
    clause.text = reader.text("not_judged");
    if (clause.text.empty()) reader.complain("needs a 'figure', or 'not_judged' with a 'reason'");
    clause.reason = reader.needed_text("reason");
    clause.see = reader.figure("see");
    clause.is_deciding = reader.flag("deciding");
  }
  if (std::string wrong = reader.problem(); !wrong.empty() && problem.empty()) problem = std::move(wrong);
  return clause;
}

Confidence read_confidence(ObjectReader& reader) {
  const std::string name = reader.text("confidence");
  if (name.empty()) return Confidence::user;
  for (Confidence confidence : {Confidence::platform, Confidence::third_party, Confidence::from_memory,
                                Confidence::contradictory, Confidence::user}) {
    if (to_string(confidence) == name) return confidence;
  }
  reader.complain(fmt::format("has an unknown confidence '{}'", name));
  return Confidence::user;
}

/// Where a target says nothing else, staging aims at the loudness it wants, under its lowest unconditional
/// ceiling.
std::optional<DeliveryTarget> derived_aim(const Target& target) {
  std::optional<DeliveryTarget> aim;
  for (const Clause& clause : target.clauses) {
    if (clause.figure == Figure::integrated && clause.wanted) {
      aim = DeliveryTarget{target.id, {*clause.wanted}, {-1.0}};
      break;
    }
  }
  if (!aim) return aim;
  std::optional<double> ceiling;
  for (const Clause& clause : target.clauses) {
    if (clause.figure != Figure::true_peak || !clause.max || clause.when || clause.is_advice) continue;
    ceiling = std::min(ceiling.value_or(*clause.max), *clause.max);
  }
  if (ceiling) aim->ceiling = {*ceiling};
  return aim;
}

bool is_kebab(std::string_view id) {
  return !id.empty() &&
         std::ranges::all_of(
             id, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }) &&
         id.front() != '-' && !(id.front() >= '0' && id.front() <= '9');
}

Target read_target(const Json& json, std::size_t index, std::string& problem) {
  const bool is_named = json.is_object() && json.contains("id") && json["id"].is_string();
  const std::string place = is_named ? fmt::format("target '{}'", json["id"].get<std::string>())
                                     : fmt::format("target number {}", index + 1);
  ObjectReader reader(json, place);
  Target target;
  target.id = reader.needed_text("id");
  if (!is_kebab(target.id)) {
    reader.complain("has an 'id' that is not small letters, digits and '-' beginning with a letter");
  }
  target.title = reader.needed_text("title");
  target.kind = reader.text("kind");
  target.behaviour = reader.text("behaviour");
  target.source = reader.text("source");
  target.source_url = reader.text("source_url");
  target.checked_on = reader.text("checked_on");
  target.confidence = read_confidence(reader);
  if (!reader.has("clauses") || !reader.at("clauses").is_array() || reader.at("clauses").empty()) {
    reader.complain("has no 'clauses'");
  } else {
    const Json& clauses = reader.at("clauses");
    for (std::size_t c = 0; c < clauses.size(); ++c) {
      target.clauses.push_back(read_clause(clauses[c], fmt::format("{}, clause {},", place, c + 1), problem));
    }
  }
  if (reader.has("aim")) {
    ObjectReader aim(reader.at("aim"), place + ": 'aim'");
    const auto integrated = aim.number("integrated_lufs");
    const auto ceiling = aim.number("ceiling_dbtp");
    if (!integrated || !ceiling) aim.complain("needs 'integrated_lufs' and 'ceiling_dbtp'");
    if (std::string wrong = aim.problem(); !wrong.empty() && problem.empty()) problem = std::move(wrong);
    target.aim = DeliveryTarget{target.id, {integrated.value_or(0.0)}, {ceiling.value_or(0.0)}};
  } else {
    target.aim = derived_aim(target);
  }
  if (std::string wrong = reader.problem(); !wrong.empty() && problem.empty()) problem = std::move(wrong);
  return target;
}

}  // namespace

Result<std::vector<Target>> parse_targets(std::string_view json, const std::string& file) {
  const auto wrong = [&](const std::string& what) {
    return failure(ErrorCode::bad_input,
                   fmt::format("{}: {}; docs/targets.md describes the file", file, what), {file, "", {}, {}});
  };
  Json document;
  try {
    document = Json::parse(json);
  } catch (const Json::parse_error& error) {
    const std::size_t end = std::min(error.byte, json.size());
    const auto line = 1 + std::count(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(end), '\n');
    return wrong(fmt::format("line {} is not JSON", line));
  } catch (const Json::out_of_range&) {
    return wrong("it has a number that is too large");
  }
  if (!document.is_object() || !document.contains("schema") || document["schema"] != "gainstage.targets/1") {
    return wrong("its \"schema\" is not \"gainstage.targets/1\"");
  }
  if (!document.contains("targets") || !document["targets"].is_array())
    return wrong("it has no list \"targets\"");
  std::string problem;
  std::vector<Target> targets;
  for (const Json& entry : document["targets"]) {
    targets.push_back(read_target(entry, targets.size(), problem));
    if (!problem.empty()) return wrong(problem);
    const auto twins = std::ranges::count(targets, targets.back().id, &Target::id);
    if (twins > 1) return wrong(fmt::format("target '{}' is there twice", targets.back().id));
  }
  return targets;
}

const std::vector<Target>& built_in_targets() {
  static const std::vector<Target> targets = [] {
    Result<std::vector<Target>> parsed = parse_targets(embedded::targets_json, "targets.json");
    assert(parsed);  // A test reads the same file.
    return parsed ? *std::move(parsed) : std::vector<Target>{};
  }();
  return targets;
}

}  // namespace gainstage
