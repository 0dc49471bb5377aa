// SPDX-License-Identifier: MIT
#include <cmath>

#include "desk/model/state_file.h"
#include "fuzz_target.h"

namespace {

/// Three strips and a VCA, as the seed was written for.
gainstage::desk::StageTable table() {
  gainstage::desk::StageTable table;
  for (const char* const name : {"Kick", "Voice", "Master"}) {
    gainstage::desk::DeskStrip strip;
    strip.id = "s" + std::to_string(table.strips.size());
    strip.key = std::string("strip ") + name;
    strip.name = name;
    if (strip.key != "strip Master") {
      strip.track = table.strips.size();
      strip.trim = gainstage::desk::StageInfo{0.0, 20.0, true, false, {}};
    }
    strip.fader = gainstage::desk::StageInfo{-6.0, 6.0, true, false, {}};
    table.strips.push_back(strip);
  }
  table.flow_strips = table.strips.size();
  table.master = 2;
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const gainstage::desk::StageTable strips = table();
  const gainstage::desk::SessionMark mark{"ardour", "song.ardour", "0011223344556677"};
  const auto taken = gainstage::desk::state_of_text(std::string(as_text(data, size)), strips, mark);
  if (!taken && taken.error().sentence.empty()) __builtin_trap();
  if (!taken) return 0;
  // What was read is what this desk can hold, and comes back when it is written.
  gainstage::desk::DeskValues values = taken->state.values;
  if (values.strips.size() != strips.strips.size()) __builtin_trap();
  for (std::size_t i = 0; i < values.strips.size(); ++i) {
    if (std::isnan(values.strips[i].at.fader_db) || values.strips[i].at.fader_db > 6.0) __builtin_trap();
  }
  gainstage::desk::History history;
  history.restore(taken->state.past, taken->state.future);
  while (history.undo(values)) {
  }
  while (history.redo(values)) {
  }
  const auto again = gainstage::desk::state_of_text(gainstage::desk::state_text(taken->state, strips, mark), strips, mark);
  if (!again || again->state.values != taken->state.values) __builtin_trap();
  return 0;
}
