// SPDX-License-Identifier: MIT
// Thirty times a second: what the player's meters and probes show, to the pages and to the desk.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <vector>

#include "desk/scope/scope.h"
#include "desk/server/desk_thread.h"
#include "desk/server/hub.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

inline constexpr std::chrono::microseconds meter_period{33'333};

class MeterFeed {
 public:
  MeterFeed(const LiveNews& news, Hub& hub, DeskThread& desk)
      : live_(*news.live), sample_rate_hz_(news.sample_rate_hz), hub_(hub), desk_(desk) {}

  void show(double monitor_ratio, std::chrono::steady_clock::time_point now);
  void clear_clips() { live_.clear_clips(); }

 private:
  struct Eye {
    std::unique_ptr<ScopeAnalyser> analyser;  ///< None as long as nobody has looked.
    std::uint32_t changes = 0;
  };

  void note_clips();
  void show_scopes(double passed_s);

  LiveDesk& live_;
  double sample_rate_hz_;
  Hub& hub_;
  DeskThread& desk_;
  LiveLook look_;
  std::vector<LiveClip> clips_;
  std::array<Eye, live_probes> eyes_;
  std::vector<float> samples_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace gainstage::desk
