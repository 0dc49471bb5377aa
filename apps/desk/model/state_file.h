// SPDX-License-Identifier: MIT
// The desk's state beside the session, so that a killed desk loses nothing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "history.h"
#include "stage_table.h"

namespace gainstage::desk {

struct Snapshot {
  DeskValues values;
  std::string time;  ///< "12:01".
  bool operator==(const Snapshot&) const = default;
};

using Snapshots = std::array<std::optional<Snapshot>, 4>;  ///< A to D.

struct KeptState {
  DeskValues values;
  std::vector<History::Entry> past;
  std::vector<History::Entry> future;
  Snapshots snapshots;
  std::vector<std::string> outputs;  ///< Names of what was saved: what a save may replace.
};

/// Which session a state is of.
struct SessionMark {
  std::string kind;
  std::string file;
  std::string fingerprint;
};

/// So many changes of the past, and of what can be done again, are kept in the file.
inline constexpr std::size_t most_kept_changes = 500;

/// ".song.ardour.gainstage-desk" beside "song.ardour".
std::string state_path(const std::string& folder, const std::string& file);

std::string state_text(const KeptState& state, const StageTable& table, const SessionMark& mark);

struct TakenUp {
  KeptState state;
  std::vector<std::string> notes;  ///< Sentences: what does not fit any more.
};

/// Errors: bad_input, for what is no state of this session's desk. Where the session was changed since, what
/// still fits is taken: stages that stood where the session had them are where it has them now.
Result<TakenUp> state_of_text(const std::string& text, const StageTable& table, const SessionMark& mark);

}  // namespace gainstage::desk
