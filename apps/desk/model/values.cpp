// SPDX-License-Identifier: MIT
#include "values.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gainstage::desk {
namespace {

constexpr std::array<std::string_view, 7> step_names{"down",    "low",        "mid",  "high",
                                                     "effects", "audibility", "raise"};
constexpr std::array<std::string_view, 3> how_names{"lock", "pin", "evidence"};
constexpr double least_db = -200.0;
constexpr double greatest_db = 200.0;

tl::unexpected<Error> wrong(std::string_view what) {
  return failure(ErrorCode::bad_input, "The desk's state has no sound " + std::string(what) + ".");
}

/// A finite number within what any desk holds, or minus infinity where null may stand for it.
std::optional<double> number_of(const Json& json, bool may_be_down) {
  if (json.is_null() && may_be_down) return -std::numeric_limits<double>::infinity();
  if (!json.is_number()) return std::nullopt;
  const double value = json.get<double>();
  if (!(value >= least_db && value <= greatest_db)) return std::nullopt;
  return value;
}

const Json& field(const Json& json, const char* name) {
  static const Json none;
  const auto found = json.find(name);
  return found == json.end() ? none : *found;
}

}  // namespace

std::string_view to_string(Respect respect) { return respect == Respect::lock ? "lock" : "evidence"; }

std::string_view to_string(WalkStep step) { return step_names[static_cast<std::size_t>(step)]; }

std::optional<WalkStep> walk_step_by_name(std::string_view name) {
  for (std::size_t i = 0; i < step_names.size(); ++i) {
    if (step_names[i] == name) return static_cast<WalkStep>(i);
  }
  return std::nullopt;
}

Position own_position(const DeskStrip& strip) {
  return {strip.trim ? strip.trim->own_db : 0.0, strip.fader ? strip.fader->own_db : 0.0};
}

DeskValues initial_values(const StageTable& table, const std::string& target) {
  DeskValues values;
  for (const DeskStrip& strip : table.strips) {
    StripValues own;
    own.at = own_position(strip);
    values.strips.push_back(own);
  }
  values.common.target.id = target;
  return values;
}

double moved_db(const DeskStrip& strip, const Position& at) {
  double moved = 0.0;
  for (const Stage stage : {Stage::trim, Stage::fader}) {
    const auto& info = strip.stage(stage);
    if (info && info->can_move()) moved += at.of(stage) - info->base_db;
  }
  return moved;
}

bool is_held_muted(const DeskStrip& strip, const StripValues& values) {
  return strip.is_muted && !values.is_unmuted;
}

bool is_held_down(const DeskStrip& strip, const Position& at) {
  return std::ranges::any_of(std::array{Stage::trim, Stage::fader}, [&](Stage stage) {
    const auto& info = strip.stage(stage);
    return info && info->is_down() && !std::isfinite(at.of(stage));
  });
}

bool follows(const StripValues& strip) { return !strip.is_by_hand && !strip.is_locked; }

bool is_same_place(double a_db, double b_db) { return a_db == b_db || std::abs(a_db - b_db) < 1e-9; }

Json db_json(double db) { return std::isfinite(db) ? Json(db) : Json(); }

Json to_json(const StripValues& strip) {
  Json json{{"trim_db", db_json(strip.at.trim_db)}, {"fader_db", db_json(strip.at.fader_db)}};
  if (strip.is_by_hand) json["by_hand"] = true;
  if (strip.is_locked) json["lock"] = true;
  if (strip.is_unmuted) json["unmuted"] = true;
  if (strip.is_raised) json["raised"] = true;
  if (strip.held) {
    json["held"] = {{"how", how_names[static_cast<std::size_t>(strip.held->how)]},
                    {"db", db_json(strip.held->db)},
                    {"moved_db", db_json(strip.held->moved_db)},
                    {"trim_db", db_json(strip.held->place.trim_db)},
                    {"fader_db", db_json(strip.held->place.fader_db)}};
  }
  if (strip.role) json["role"] = info(*strip.role).name;
  if (strip.range) json["range"] = {strip.range->first, strip.range->second};
  if (!strip.group.empty()) json["group"] = strip.group;
  return json;
}

Json to_json(const Common& common) {
  Json json{{"strength_percent", common.strength_percent}, {"respect", to_string(common.respect)}};
  if (common.focus) json["focus"] = *common.focus;
  if (common.step) json["step"] = to_string(*common.step);
  if (common.target.id.empty()) {
    json["target"] = {{"integrated_lufs", common.target.integrated_lufs},
                      {"ceiling_dbtp", common.target.ceiling_dbtp}};
  } else {
    json["target"] = {{"id", common.target.id}};
  }
  return json;
}

Result<StripValues> strip_values_of(const Json& json) {
  if (!json.is_object()) return wrong("strip");
  StripValues strip;
  const auto trim = number_of(field(json, "trim_db"), true);
  const auto fader = number_of(field(json, "fader_db"), true);
  if (!trim || !fader) return wrong("gains");
  strip.at = {*trim, *fader};
  for (const auto& [name, flag] : {std::pair("by_hand", &strip.is_by_hand),
                                   {"lock", &strip.is_locked},
                                   {"unmuted", &strip.is_unmuted},
                                   {"raised", &strip.is_raised}}) {
    const Json& given = field(json, name);
    if (given.is_null()) continue;
    if (!given.is_boolean()) return wrong(name);
    *flag = given.get<bool>();
  }
  if (const Json& held = field(json, "held"); !held.is_null()) {
    if (!held.is_object()) return wrong("hold");
    const auto db = number_of(field(held, "db"), true);
    const auto moved = number_of(field(held, "moved_db"), true);
    const auto held_trim = number_of(field(held, "trim_db"), true);
    const auto held_fader = number_of(field(held, "fader_db"), true);
    const Json& how = field(held, "how");
    const auto name = std::ranges::find_if(how_names, [&](std::string_view known) { return how == known; });
    if (!db || !moved || !held_trim || !held_fader || name == how_names.end()) return wrong("hold");
    strip.held =
        Held{static_cast<Held::How>(name - how_names.begin()), *db, *moved, {*held_trim, *held_fader}};
  }
  if (const Json& role = field(json, "role"); !role.is_null()) {
    if (role.is_string()) strip.role = role_by_name(role.get<std::string>());
    if (!strip.role) return wrong("role");
  }
  if (const Json& range = field(json, "range"); !range.is_null()) {
    if (!range.is_array() || range.size() != 2) return wrong("range");
    const auto low = number_of(range[0], false);
    const auto high = number_of(range[1], false);
    if (!low || !high || *low > *high) return wrong("range");
    strip.range = std::pair(*low, *high);
  }
  if (const Json& group = field(json, "group"); !group.is_null()) {
    if (!group.is_string() || group.get<std::string>().size() > 200) return wrong("group");
    strip.group = group.get<std::string>();
  }
  return strip;
}

Result<Common> common_of(const Json& json, std::size_t strips) {
  if (!json.is_object()) return wrong("settings");
  Common common;
  const auto strength = number_of(field(json, "strength_percent"), false);
  if (!strength || *strength < 0.0 || *strength > 100.0) return wrong("strength");
  common.strength_percent = *strength;
  const Json& respect = field(json, "respect");
  if (respect != "lock" && respect != "evidence") return wrong("respect");
  common.respect = respect == "lock" ? Respect::lock : Respect::evidence;
  if (const Json& focus = field(json, "focus"); !focus.is_null()) {
    if (!focus.is_number_unsigned() || focus.get<std::uint64_t>() >= strips) return wrong("focus");
    common.focus = focus.get<std::size_t>();
  }
  if (const Json& step = field(json, "step"); !step.is_null()) {
    if (step.is_string()) common.step = walk_step_by_name(step.get<std::string>());
    if (!common.step) return wrong("step");
  }
  const Json& target = field(json, "target");
  if (!target.is_object()) return wrong("target");
  if (const Json& id = field(target, "id"); !id.is_null()) {
    if (!id.is_string() || id.get<std::string>().empty() || id.get<std::string>().size() > 200)
      return wrong("target");
    common.target.id = id.get<std::string>();
    return common;
  }
  const auto integrated = number_of(field(target, "integrated_lufs"), false);
  const auto ceiling = number_of(field(target, "ceiling_dbtp"), false);
  if (!integrated || !ceiling || *integrated < -70.0 || *integrated > 0.0 || *ceiling < -20.0 ||
      *ceiling > 0.0)
    return wrong("target");
  common.target = {"", *integrated, *ceiling};
  return common;
}

}  // namespace gainstage::desk
