// SPDX-License-Identifier: MIT
// Commands that change what is undone and saved, as pure functions: a message and a state to a new state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "delivery/target.h"
#include "message.h"
#include "placed_plan.h"

namespace gainstage::desk {

/// What a move is judged by. `plan` is null while there is none.
struct MoveContext {
  const StageTable& table;
  const PlacedPlan* plan = nullptr;
  const std::vector<Target>& targets;
};

struct Moved {
  DeskValues values;
  std::string name;  ///< "Fader of Kick".
  std::optional<double> gesture = {};
};

/// Whether moved() knows the command.
bool is_move(const std::string& command);

/// gain, reset, role, lock, focus, range, group, target, strength, step. Errors: usage, with a sentence.
Result<Moved> moved(const std::string& command, const Message& message, const DeskValues& now,
                    const MoveContext& context);

/// What the next plan is made around: strips that are locked, moved by hand, or in a group with such a strip
/// are held where they are; or what hands did is taken for evidence, and the plan meets it part of the way.
void hold_hands(const StageTable& table, const PlacedPlan* plan, DeskValues& values);

/// What the target's id or numbers mean.
Result<Target> meant(const ChosenTarget& chosen, const std::vector<Target>& targets);

}  // namespace gainstage::desk
