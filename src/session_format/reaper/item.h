// SPDX-License-Identifier: MIT
// REAPER's items: what lies on a track, with its takes.
#pragma once

#include <optional>
#include <vector>

#include "session_format/reaper/reading.h"

namespace gainstage {

/// A clip and where its gains stand.
struct ItemClip {
  Clip clip;
  std::optional<ReaperGainPlace> item_gain;  ///< Absent too where several clips share it.
  std::optional<ReaperGainPlace> take_gain;
  bool replaces_enclosing = false;  ///< Hides what it lies within.
};

/// What an item needs to know of its track and project.
struct ItemContext {
  const std::string* strip = nullptr;  ///< Its name.
  double project_pan_law = 1.0;
  double project_rate = 1.0;
  long item_mix = 0;  ///< ITEMMIX: 0 enclosed items replace enclosing ones, 1 all mix, 2 later ones replace.
  std::optional<std::uint64_t> playing_lanes;  ///< Bits; absent: no fixed lanes, or all play.
};

/// Appends the clips that play: the active take, or all where the item plays all. Sound that can't be read is
/// noted, and sets `has_unread_content`.
void read_item(Reading& reading, std::size_t block, const ItemContext& context, std::vector<ItemClip>& clips,
               bool& has_unread_content);

/// In order of time; decides which of those that replace what encloses them do so.
void order_clips(std::vector<ItemClip>& clips);

}  // namespace gainstage
