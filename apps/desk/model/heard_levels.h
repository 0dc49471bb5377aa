// SPDX-License-Identifier: MIT
// Levels at the taps of every strip wherever the stages stand, and where they go over full scale.
#pragma once

#include <optional>
#include <vector>

#include "desk.h"
#include "hearing_now.h"
#include "opened_session.h"

namespace gainstage::desk {

/// A place over full scale.
struct ClipMark {
  LiveTap tap = LiveTap::clip;
  double over_db = 0.0;
  double at_s = 0.0;
  std::size_t runs = 1;
  bool operator==(const ClipMark&) const = default;
};

/// What was heard of a strip at the base of its own stages, and what feeds it at the session's own gains;
/// absent: it can't be known.
struct StripHeard {
  std::optional<Measure> clip;
  std::optional<Measure> insert_in;
  std::optional<Measure> fader_out;
  std::vector<float> hop_peaks;  ///< Of a track, each 100 ms, somewhere behind its clips; else empty.
};

/// One a strip of the flow. `levels`: of a DAW's strips, else empty.
std::vector<StripHeard> heard_of(const OpenedSession& opened, const Measurements& measurements,
                                 const FlowLevels& levels);

/// Whether something that feeds the strip is moved, one a strip: then what was heard of it is no more so.
/// `own`: the ratios at which it was heard.
std::vector<bool> has_moved_input(const SignalFlow& flow, const std::vector<StripRatios>& ratios,
                                  const std::vector<StripRatios>& own);

/// The levels of a strip in the state.
Json levels_json(const StripHeard& heard, const StripRatios& ratios, bool is_input_moved);

/// The worst place of a strip at these ratios.
std::optional<ClipMark> worst_clip(const StripHeard& heard, const StripRatios& ratios, bool is_input_moved);

Json to_json(const ClipMark& mark);

}  // namespace gainstage::desk
