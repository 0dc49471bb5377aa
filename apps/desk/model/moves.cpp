// SPDX-License-Identifier: MIT
#include "moves.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace gainstage::desk {
namespace {

constexpr double down_db = -std::numeric_limits<double>::infinity();
constexpr double least_db = -200.0;
constexpr double widest_range_db = 100.0;

tl::unexpected<Error> wrong(std::string sentence) { return failure(ErrorCode::usage, std::move(sentence)); }

std::string title(Stage stage) { return stage == Stage::trim ? "Trim" : "Fader"; }

Result<Stage> stage_field(const Message& message) {
  const auto name = message.text("stage");
  if (!name) return tl::unexpected(name.error());
  for (const Stage stage : {Stage::trim, Stage::fader}) {
    if (to_string(stage) == *name) return stage;
  }
  return wrong(fmt::format("\"stage\" must be \"trim\" or \"fader\"; it is {}.", shown(Json(*name))));
}

/// The stage of a strip that a hand may move.
Result<const StageInfo*> movable(const DeskStrip& strip, Stage stage) {
  const auto& info = strip.stage(stage);
  if (!info) return wrong(fmt::format("{} has no {}.", strip.name, to_string(stage)));
  if (!info->can_move()) {
    return wrong(fmt::format("The {} of {} can't be written in this session, so it stays where it is.",
                             to_string(stage), strip.name));
  }
  return &*info;
}

class Mover {
 public:
  Mover(const Message& message, const DeskValues& now, const MoveContext& context)
      : message_(message), context_(context), moved_{now, {}, {}} {}

  Result<void> gain() {
    const auto strip = message_.strip(context_.table);
    if (!strip) return tl::unexpected(strip.error());
    const auto stage = stage_field(message_);
    if (!stage) return tl::unexpected(stage.error());
    const DeskStrip& own = context_.table.strips[*strip];
    const auto info = movable(own, *stage);
    if (!info) return tl::unexpected(info.error());
    const auto db = message_.number_or_null("db", least_db, (*info)->greatest_db);
    if (!db) return tl::unexpected(db.error());
    StripValues& values = moved_.values.strips[*strip];
    values.at.of(*stage) = db->value_or(down_db);
    values.is_raised = own.has_down() && !is_held_down(own, values.at);
    compare_with_followed(*strip);
    moved_.name = title(*stage) + " of " + own.name;
    return {};
  }

  Result<void> reset() {
    if (!message_.has("strip")) {
      if (message_.has("stage"))
        return wrong("\"stage\" goes with a \"strip\"; leave both out to reset all.");
      return reset_all();
    }
    const auto strip = message_.strip(context_.table);
    if (!strip) return tl::unexpected(strip.error());
    const DeskStrip& own = context_.table.strips[*strip];
    Position& at = moved_.values.strips[*strip].at;
    moved_.name = "Reset of " + own.name;
    if (message_.has("stage")) {
      const auto stage = stage_field(message_);
      if (!stage) return tl::unexpected(stage.error());
      if (!own.stage(*stage)) return wrong(fmt::format("{} has no {}.", own.name, to_string(*stage)));
      at.of(*stage) = own_position(own).of(*stage);
    } else {
      at = own_position(own);
    }
    moved_.values.strips[*strip].is_raised = own.has_down() && !is_held_down(own, at);
    compare_with_followed(*strip);
    return {};
  }

  Result<void> role() {
    const auto strip = track_strip();
    if (!strip) return tl::unexpected(strip.error());
    const auto name = message_.text_or_null("role");
    if (!name) return tl::unexpected(name.error());
    std::optional<Role> role;
    if (*name) {
      role = role_by_name(**name);
      if (!role) return wrong(fmt::format("There is no role {}.", shown(Json(**name))));
    }
    moved_.values.strips[*strip].role = role;
    // What hands did of it was about another role's place.
    if (!moved_.values.strips[*strip].is_by_hand) moved_.values.strips[*strip].held.reset();
    moved_.name = "Role of " + name_of(*strip);
    hold();
    return {};
  }

  Result<void> lock() {
    const auto strip = message_.strip(context_.table);
    if (!strip) return tl::unexpected(strip.error());
    const auto is_on = message_.flag("on");
    if (!is_on) return tl::unexpected(is_on.error());
    moved_.values.strips[*strip].is_locked = *is_on;
    moved_.name = (*is_on ? "Lock of " : "Unlock of ") + name_of(*strip);
    hold();
    return {};
  }

  Result<void> focus() {
    const auto strip = message_.strip_or_null(context_.table);
    if (!strip) return tl::unexpected(strip.error());
    if (*strip && !context_.table.strips[**strip].track) return no_track(**strip);
    moved_.values.common.focus = *strip;
    moved_.name = *strip ? "Focus on " + name_of(**strip) : "No focus";
    hold();
    return {};
  }

  Result<void> range() {
    const auto strip = track_strip();
    if (!strip) return tl::unexpected(strip.error());
    const auto low = message_.number_or_null("low_db", -widest_range_db, widest_range_db);
    if (!low) return tl::unexpected(low.error());
    const auto high = message_.number_or_null("high_db", -widest_range_db, widest_range_db);
    if (!high) return tl::unexpected(high.error());
    if (low->has_value() != high->has_value())
      return wrong("\"low_db\" and \"high_db\" go together: give two numbers, or null twice.");
    if (*low && **low > **high)
      return wrong(
          fmt::format("A range from {:g} to {:g} dB is empty; the lower limit comes first.", **low, **high));
    auto& range = moved_.values.strips[*strip].range;
    range.reset();
    if (*low) range.emplace(**low, **high);
    moved_.name = "Range of " + name_of(*strip);
    if (auto checked = check_groups(); !checked) return checked;
    hold();
    return {};
  }

  Result<void> group() {
    const auto strip = track_strip();
    if (!strip) return tl::unexpected(strip.error());
    const auto name = message_.text_or_null("group");
    if (!name) return tl::unexpected(name.error());
    moved_.values.strips[*strip].group = name->value_or("");
    moved_.name = "Group of " + name_of(*strip);
    if (auto checked = check_groups(); !checked) return checked;
    hold();
    return {};
  }

  Result<void> target() {
    ChosenTarget chosen;
    if (message_.has("target")) {
      const auto id = message_.text("target");
      if (!id) return tl::unexpected(id.error());
      chosen.id = *id;
    } else {
      const auto integrated = message_.number("integrated_lufs", -70.0, 0.0);
      if (!integrated) return tl::unexpected(integrated.error());
      const auto ceiling = message_.number("ceiling_dbtp", -20.0, 0.0);
      if (!ceiling) return tl::unexpected(ceiling.error());
      chosen = {"", *integrated, *ceiling};
    }
    const auto found = meant(chosen, context_.targets);
    if (!found) return tl::unexpected(found.error());
    moved_.values.common.target = chosen;
    moved_.name = "Target " + found->title;
    hold();
    return {};
  }

  Result<void> strength() {
    const auto percent = message_.number("percent", 0.0, 100.0);
    if (!percent) return tl::unexpected(percent.error());
    if (!context_.plan && *percent > 0.0)
      return wrong("There is no plan yet that the strength could lead to; wait until it is made.");
    moved_.values.common.strength_percent = *percent;
    moved_.values.common.step.reset();
    for (StripValues& strip : moved_.values.strips) strip.is_by_hand = false;
    settle_all();
    moved_.name = fmt::format("Strength {:.0f} %", *percent);
    return {};
  }

  Result<void> step() {
    const auto name = message_.text_or_null("step");
    if (!name) return tl::unexpected(name.error());
    if (message_.has("respect")) {
      const auto respect = message_.text("respect");
      if (!respect) return tl::unexpected(respect.error());
      if (*respect != "lock" && *respect != "evidence")
        return wrong(fmt::format("\"respect\" must be \"lock\" or \"evidence\"; it is {}.", shown(*respect)));
      moved_.values.common.respect = *respect == "lock" ? Respect::lock : Respect::evidence;
    }
    Common& common = moved_.values.common;
    if (!*name) {
      common.step.reset();
      moved_.name = "End of the walk";
      settle_all();
      return {};
    }
    const auto found = walk_step_by_name(**name);
    if (!found) return wrong(fmt::format("There is no step {} in the method's walk.", shown(Json(**name))));
    if (!context_.plan) return wrong("There is no plan yet to walk through; wait until it is made.");
    const WalkStage* const stage = context_.plan->find(*found);
    if (!stage)
      return wrong(fmt::format("No track of this session comes in at the step {}.", shown(Json(**name))));
    hold();
    common.step = *found;
    if (*found == WalkStep::raise) common.strength_percent = 100.0;
    settle_all();
    moved_.name = "Step: " + stage->name;
    return {};
  }

  Result<Moved> done() {
    const auto gesture = message_.gesture();
    if (!gesture) return tl::unexpected(gesture.error());
    moved_.gesture = *gesture;
    return std::move(moved_);
  }

 private:
  std::string name_of(std::size_t strip) const { return context_.table.strips[strip].name; }

  tl::unexpected<Error> no_track(std::size_t strip) const {
    return wrong(fmt::format("{} is no track that is planned; choose a track's strip.", name_of(strip)));
  }

  Result<std::size_t> track_strip() const {
    const auto strip = message_.strip(context_.table);
    if (strip && !context_.table.strips[*strip].track) return no_track(*strip);
    return strip;
  }

  void compare_with_followed(std::size_t strip) {
    StripValues& values = moved_.values.strips[strip];
    values.is_by_hand = true;
    if (!can_follow(context_.plan, moved_.values.common)) return;
    const Position there = followed(context_.table.strips[strip], strip, context_.plan, moved_.values.common);
    values.is_by_hand = !is_same_place(values.at.trim_db, there.trim_db) ||
                        !is_same_place(values.at.fader_db, there.fader_db);
    if (!values.is_by_hand) values.at = there;
  }

  Result<void> reset_all() {
    moved_.values.common.strength_percent = 0.0;
    moved_.values.common.step.reset();
    for (std::size_t i = 0; i < moved_.values.strips.size(); ++i) {
      StripValues& strip = moved_.values.strips[i];
      strip.at = own_position(context_.table.strips[i]);
      strip.is_by_hand = false;
      strip.is_unmuted = false;
      strip.is_raised = false;
      strip.held.reset();
    }
    moved_.name = "Reset of all";
    return {};
  }

  /// A group moves by one gain, so its members' ranges must leave one.
  Result<void> check_groups() const {
    for (const StripValues& first : moved_.values.strips) {
      if (first.group.empty()) continue;
      double low = -widest_range_db;
      double high = widest_range_db;
      for (const StripValues& member : moved_.values.strips) {
        if (member.group != first.group || !member.range) continue;
        low = std::max(low, member.range->first);
        high = std::min(high, member.range->second);
      }
      if (low <= high) continue;
      return wrong(
          fmt::format("No gain lies within the ranges of all strips of the group {}, and a group "
                      "moves by one gain; widen a range or part the group.",
                      shown(Json(first.group))));
    }
    return {};
  }

  void hold() {
    hold_hands(context_.table, context_.plan, moved_.values);
    settle_all();
  }
  void settle_all() { settle(context_.table, context_.plan, moved_.values); }

  const Message& message_;
  const MoveContext& context_;
  Moved moved_;
};

using Handler = Result<void> (Mover::*)();
constexpr std::array<std::pair<std::string_view, Handler>, 10> handlers{{
    {"gain", &Mover::gain},
    {"reset", &Mover::reset},
    {"role", &Mover::role},
    {"lock", &Mover::lock},
    {"focus", &Mover::focus},
    {"range", &Mover::range},
    {"group", &Mover::group},
    {"target", &Mover::target},
    {"strength", &Mover::strength},
    {"step", &Mover::step},
}};

Handler handler_of(std::string_view command) {
  const auto found = std::ranges::find(handlers, command, [](const auto& entry) { return entry.first; });
  return found == handlers.end() ? nullptr : found->second;
}

}  // namespace

bool is_move(const std::string& command) { return handler_of(command) != nullptr; }

Result<Moved> moved(const std::string& command, const Message& message, const DeskValues& now,
                    const MoveContext& context) {
  const Handler handler = handler_of(command);
  if (!handler) return wrong(fmt::format("There is no command {}.", shown(Json(command))));
  Mover mover(message, now, context);
  if (auto done = (mover.*handler)(); !done) return tl::unexpected(done.error());
  return mover.done();
}

namespace {

/// Where a strip that hands moved stands in the build of the mix: before the raise, and at full strength.
/// What was brought up from where the strength has it down stands there as it is.
Position in_the_build(const DeskStrip& strip, std::size_t index, const PlacedPlan& plan, const Common& common,
                      const Position& at) {
  const Position there = followed(strip, index, &plan, common);
  Position place = plan.before_raise[index];
  if (!std::isfinite(there.trim_db) || !std::isfinite(there.fader_db)) return at;
  for (const Stage stage : {Stage::trim, Stage::fader}) place.of(stage) += at.of(stage) - there.of(stage);
  return place;
}

/// What becomes of a track that hands moved.
std::optional<Held> held_by_hand(const DeskStrip& strip, std::size_t index, const PlacedPlan& plan,
                                 const DeskValues& values) {
  const StripValues& own = values.strips[index];
  const double moved = moved_db(strip, own.at);
  const double planned = moved_db(strip, followed(strip, index, &plan, values.common));
  // Against silence nothing is evidence.
  const bool is_evidence = values.common.respect == Respect::evidence && std::isfinite(planned);
  const Held::How how = is_evidence ? Held::How::evidence : Held::How::pin;
  const bool had = own.held && own.held->how == how;
  if (had && is_same_place(own.held->moved_db, moved)) return own.held;
  if (!is_evidence) {
    const Position place = in_the_build(strip, index, plan, values.common, own.at);
    return Held{how, moved_db(strip, place), moved, place};
  }
  return Held{how, moved - planned + (had ? own.held->db : 0.0), moved, {}};
}

}  // namespace

void hold_hands(const StageTable& table, const PlacedPlan* plan, DeskValues& values) {
  for (std::size_t i = 0; i < values.strips.size(); ++i) {
    StripValues& strip = values.strips[i];
    const double moved = moved_db(table.strips[i], strip.at);
    const bool stays = strip.is_by_hand && (!table.strips[i].track || !std::isfinite(moved));
    if (strip.is_locked || stays) {
      strip.held = Held{Held::How::lock, moved, moved, strip.at};
    } else if (strip.is_by_hand) {
      if (plan) strip.held = held_by_hand(table.strips[i], i, *plan, values);
    } else if (strip.held && strip.held->how == Held::How::lock) {
      strip.held.reset();
    }
  }
  // The inner balance of a group is kept when one of it is locked.
  for (const StripValues& locked : values.strips) {
    if (locked.group.empty() || !locked.is_locked) continue;
    for (std::size_t i = 0; i < values.strips.size(); ++i) {
      StripValues& member = values.strips[i];
      if (member.group != locked.group || member.is_locked) continue;
      const double moved = moved_db(table.strips[i], member.at);
      member.held = Held{Held::How::lock, moved, moved, member.at};
    }
  }
}

Result<Target> meant(const ChosenTarget& chosen, const std::vector<Target>& targets) {
  if (chosen.id.empty()) return numeric_target({chosen.integrated_lufs}, {chosen.ceiling_dbtp});
  auto found = find_target(targets, chosen.id);
  if (found && !found->aim) {
    return wrong(fmt::format(
        "{} asks for no loudness that a mix can be raised to; choose another, or numbers.", found->title));
  }
  return found;
}

}  // namespace gainstage::desk
