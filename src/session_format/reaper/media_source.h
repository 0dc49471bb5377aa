// SPDX-License-Identifier: MIT
// Where an item's sound comes from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "session_format/reaper/reading.h"

namespace gainstage {

struct MediaSource {
  std::optional<std::string_view> path;  ///< Absent: no audio file that we read.
  bool is_silent = false;                ///< An empty or offline source.
  bool is_reversed = false;
  struct Section {
    double start_s = 0.0;
    double length_s = 0.0;
  };
  std::optional<Section> section;
  std::string what;  ///< "MIDI", "a reversed source": why it is not read; empty where it is.
};

/// Of a block SOURCE; one in another is a section of it.
MediaSource read_media_source(Reading& reading, std::size_t block);

/// Puts the section into the clip. False: the clip does not hold all of what plays, and `what` says why; one
/// that plays backwards has the rate -1.
bool place_in_source(MediaSource& source, Clip& clip);

/// By CHANMODE; empty: all.
std::vector<std::size_t> source_channels(long channel_mode);

}  // namespace gainstage
