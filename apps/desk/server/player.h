// SPDX-License-Identifier: MIT
// The transport, and what the desk's state means for the sound. On the desk's thread.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <vector>

#include "desk/model/desk.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

class Player {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Player(LiveDesk& live, double sample_rate_hz, double duration_s)
      : live_(live), sample_rate_hz_(sample_rate_hz), duration_s_(duration_s) {}

  /// Whether a message's `do` is the transport's.
  static bool is_transport(std::string_view what);
  /// play, pause, stop, seek, loop. Errors: usage.
  Result<void> command(const Json& message, Time now);
  /// Makes the sound be as the desk has it: sends what differs from before.
  void follow(const LiveSettings& settings);
  void send(const LiveCommand& command);
  /// What the player's queue had no room for before. Call now and then.
  void retry();

  /// Where the sound is, as it was seen. True when the transport is another one by that.
  bool saw(bool is_playing, double position_s, Time now);
  /// `transport` of the desk's state.
  Json transport() const;

 private:
  Result<void> seek(const Json& message);
  Result<void> loop(const Json& message);
  void seek_to(double position_s);
  Frames frame_at(double seconds) const;

  LiveDesk& live_;
  double sample_rate_hz_;
  double duration_s_;
  bool is_playing_ = false;
  double position_s_ = 0.0;       ///< As the state shows it: where it was last set or held.
  double seen_position_s_ = 0.0;  ///< Where it is.
  double began_at_s_ = 0.0;
  std::optional<std::pair<double, double>> loop_s_;
  Time settled_at_;  ///< What is seen before is of before the last command.
  std::optional<LiveSettings> sent_;
  std::deque<LiveCommand> waiting_;
};

}  // namespace gainstage::desk
