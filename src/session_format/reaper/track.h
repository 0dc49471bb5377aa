// SPDX-License-Identifier: MIT
// REAPER's tracks and its master as strips.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "session_format/reaper/envelope.h"
#include "session_format/reaper/reading.h"

namespace gainstage {

/// What the whole project sets.
struct ProjectSettings {
  double pan_law = 1.0;
  long pan_mode = 3;
  double rate = 1.0;
  long item_mix = 0;
  long global_automation = -1;
};

/// Bits of the groups 1 to 64 in which a track leads and follows as in a VCA.
struct VcaGroups {
  std::uint64_t leads = 0;
  std::uint64_t follows = 0;
  std::uint64_t follows_before_fx = 0;
};

/// What others need to know of a track before it is read.
struct TrackHead {
  std::size_t block = 0;
  std::string name;
  AutomationMode automation = AutomationMode::multiplies;
  long depth_change = 0;              ///< 1: opens a folder; -n: closes n.
  std::optional<std::size_t> folder;  ///< The track that it lies in.
  VcaGroups groups;
};

/// Of all blocks TRACK among the project's lines, with their folders.
std::vector<TrackHead> read_track_heads(Reading& reading, const ProjectSettings& settings);

/// Fills reading.flow.strips[index] and adds its receives to their senders. The strips of all tracks are
/// there.
void read_track(Reading& reading, const ProjectSettings& settings, const std::vector<TrackHead>& heads,
                std::size_t index);

/// Fills the master's strip from the project's own lines.
void read_master(Reading& reading, const ProjectSettings& settings);

/// Bits of a line GROUP_FLAGS (groups 1 to 32) or GROUP_FLAGS_HIGH.
void read_groups(Reading& reading, const RppWords& words, unsigned first_bit, VcaGroups& groups);

/// Makes VCAs of the tracks that lead. A leader whose own sound goes through the same fader can't be moved as
/// a VCA without moving that too: neither is writable.
void link_vcas(Reading& reading, const std::vector<TrackHead>& heads, const VcaGroups& master);

}  // namespace gainstage
