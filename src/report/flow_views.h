// SPDX-License-Identifier: MIT
// A DAW's session as `gainstage inspect` shows it: every stage with its gain, every tap with its level.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "report/text_table.h"
#include "session/signal_flow.h"
#include "staging/measurements.h"

namespace gainstage {

inline constexpr std::string_view inspect_schema = "gainstage.inspect/1";

/// A session and what is known of it.
struct InspectedSession {
  std::string file;
  const SignalFlow* flow = nullptr;
  FlowLevels levels = {};  ///< One a strip; empty: not measured.
  std::vector<Warning> notes = {};
};

/// The object of inspect --json, without the program's own part.
Json inspect_json(const InspectedSession& session);

/// As a tree: strips under those they go to, stages in the order sound passes them.
std::string inspect_text(const InspectedSession& session, const TextStyle& style);

/// As a graph for Graphviz.
std::string inspect_dot(const InspectedSession& session);

/// What a stage does to level: its gain, or the range its automation runs through.
struct StageGain {
  Db least;
  Db greatest;
  bool is_automated = false;
};
StageGain stage_gain(const GainControl& control);

}  // namespace gainstage
