// SPDX-License-Identifier: MIT
// A session's desk laid out for playing. Internal to the room.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "base/units.h"
#include "mix/timed_gains.h"
#include "session/session.h"

namespace gainstage {

/// Gains row by row, from channel i to o at i * outs + o: one for all time, or those of LivePlan::moving.
struct LiveMatrix {
  std::vector<double> constant = {};
  std::optional<std::size_t> moving = {};
};

struct LiveWay {
  std::optional<std::size_t> to = {};  ///< Absent: the mix.
  std::size_t width = 0;
  bool is_behind_fader = true;
  bool is_fader_out = false;  ///< What is behind the fader and the pan, as it is; without `gains`.
  LiveMatrix gains = {};
};

struct LiveStrip {
  std::size_t channels = 0;
  std::size_t wide = 0;  ///< Of fader-out.
  /// First of its channels among all that are fed; absent: it has no clips.
  std::optional<std::size_t> feed = {};
  std::size_t feed_index = 0;
  LiveMatrix to_insert_in = {};
  LiveMatrix to_fader_out = {};
  std::vector<LiveWay> ways = {};
};

struct LivePlan {
  double sample_rate_hz = 48000.0;
  Frames length = 0;
  std::size_t mix_channels = 2;
  std::size_t master = 0;
  std::vector<LiveStrip> strips = {};
  std::vector<std::size_t> order = {};  ///< Each before those it feeds.
  std::vector<std::size_t> fed = {};    ///< The strips that have a `feed`, in its order.
  std::size_t feed_channels = 0;
  std::vector<TimedGains> moving = {};  ///< Only to be evaluated where allocating is allowed.
};

/// The session has a flow, and outlives the plan.
LivePlan plan_of(const Session& session);

}  // namespace gainstage
