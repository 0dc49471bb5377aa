// SPDX-License-Identifier: MIT
// What is heard and how: neither undone nor saved.
#pragma once

#include <optional>
#include <vector>

#include "desk.h"
#include "message.h"
#include "values.h"

namespace gainstage::desk {

/// Before and after, as loud as each other.
struct Comparison {
  bool is_on = false;
  bool is_blind = false;
  bool is_revealed = true;
  bool is_x_before = false;    ///< Of a blind comparison.
  bool hears_before = false;
  double after_less_before_lu = 0.0;
  double before_db = 0.0;  ///< What is taken off each, <= 0.
  double after_db = 0.0;
  bool operator==(const Comparison&) const = default;
};

struct Listening {
  std::vector<bool> is_muted;   ///< One a strip of the table.
  std::vector<bool> is_soloed;
  bool is_dim = false;
  bool is_mono = false;
  std::optional<std::size_t> tap_strip;
  LiveTap tap = LiveTap::fader_out;
  Comparison compare;
};

inline constexpr double dim_db = -20.0;

bool is_listening_command(const std::string& command);

/// mute, solo, dim, mono, tap, compare. `coin`: whether x is before, should a blind comparison begin.
Result<Listening> listened(const std::string& command, const Message& message, Listening now,
                           const StageTable& table, bool coin);

/// Takes the louder down by what it is louder, and both by what a peak would be over the ceiling.
void match(Comparison& compare, Lufs before, Lufs after, Db before_peak, Db after_peak, Db ceiling);

Json to_json(const Comparison& compare);
Json monitor_json(const Listening& listening, const StageTable& table);
std::string_view to_string(LiveTap tap);

}  // namespace gainstage::desk
