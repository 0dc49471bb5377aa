// SPDX-License-Identifier: MIT
// What the user has decided on a desk: all that is undone, kept in snapshots, and written beside the session.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "session/role.h"
#include "stage_table.h"
#include "staging/options.h"

namespace gainstage::desk {

/// Where the stages of a strip stand, dB; 0 where it has none. Minus infinity is down.
struct Position {
  double trim_db = 0.0;
  double fader_db = 0.0;
  bool operator==(const Position&) const = default;

  double& of(Stage stage) { return stage == Stage::trim ? trim_db : fader_db; }
  double of(Stage stage) const { return stage == Stage::trim ? trim_db : fader_db; }
};

/// What later plans make of a strip that hands moved.
enum class Respect : std::uint8_t { lock, evidence };

/// What the method's plan has to do with a strip that a hand was on.
struct Held {
  enum class How : std::uint8_t {
    lock,      ///< It stays at `place` whatever comes, and the others are set around it.
    pin,       ///< The plan has it at `place` before the raise, and leaves the others as they would be.
    evidence,  ///< The plan is thought to be wrong about it by `db`.
  } how = How::lock;
  double db = 0.0;        ///< Against the session, of `place`; of evidence against the plan.
  double moved_db = 0.0;  ///< Where it was then, against the session.
  Position place = {};    ///< 0 for evidence.
  bool operator==(const Held&) const = default;
};

struct StripValues {
  Position at;
  bool is_by_hand = false;  ///< It stands apart from the strength or the walk, because a hand put it there.
  std::optional<Held> held;
  std::optional<Role> role;  ///< As the user says.
  bool is_locked = false;
  bool is_unmuted = false;                         ///< Where the session mutes it.
  bool is_raised = false;                          ///< A hand brought up what the session has down.
  std::optional<std::pair<double, double>> range;  ///< Of the plan's gain before the raise, dB.
  std::string group;                               ///< Empty: none.
  bool operator==(const StripValues&) const = default;
};

/// The steps of the walk, in their order.
enum class WalkStep : std::uint8_t { down, low, mid, high, effects, audibility, raise };

std::string_view to_string(Respect respect);
std::string_view to_string(WalkStep step);
std::optional<WalkStep> walk_step_by_name(std::string_view name);

struct ChosenTarget {
  std::string id;  ///< Empty: the two numbers.
  double integrated_lufs = -14.0;
  double ceiling_dbtp = -1.0;
  bool operator==(const ChosenTarget&) const = default;
};

/// All that is not a strip's.
struct Common {
  std::optional<std::size_t> focus;  ///< Strip.
  ChosenTarget target;
  double strength_percent = 0.0;  ///< Where strips stand that follow, unless a walk holds them.
  std::optional<WalkStep> step;
  Respect respect = Respect::lock;
  bool operator==(const Common&) const = default;
};

struct DeskValues {
  std::vector<StripValues> strips;  ///< One a strip of the table.
  Common common;
  bool operator==(const DeskValues&) const = default;
};

/// As the session stands.
DeskValues initial_values(const StageTable& table, const std::string& target);

Position own_position(const DeskStrip& strip);

/// By how much a strip is changed against the session, its stages together; from 0 dB where that has one
/// down.
double moved_db(const DeskStrip& strip, const Position& at);

/// Whether the session's mute holds it down.
bool is_held_muted(const DeskStrip& strip, const StripValues& values);

/// Whether one of its stages is down in the session, and so here.
bool is_held_down(const DeskStrip& strip, const Position& at);

/// Whether a strip goes where strength and walk say.
bool follows(const StripValues& strip);

/// The same place, but for the rounding of dB.
bool is_same_place(double a_db, double b_db);

/// A number's JSON: null where it is minus infinity.
Json db_json(double db);

// As the file of state has them; strips by their place in the table.
Json to_json(const StripValues& strip);
Json to_json(const Common& common);
/// Errors: bad_input, for whatever is not as to_json() writes it.
Result<StripValues> strip_values_of(const Json& json);
Result<Common> common_of(const Json& json, std::size_t strips);

}  // namespace gainstage::desk
