// SPDX-License-Identifier: MIT
// The desk on a thread of its own, so that nothing it does holds up the sound or the pages.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "desk/model/desk.h"
#include "desk/server/player.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

/// Makes the desk; `wake` is DeskOptions::wake.
using DeskMaker = std::function<std::unique_ptr<Desk>(std::function<void()> wake)>;
/// Makes the player of a session that is known.
using LiveMaker = std::function<Result<std::unique_ptr<LiveDesk>>(const Session&)>;

/// The player, and what it plays.
struct LiveNews {
  LiveDesk* live = nullptr;
  double sample_rate_hz = 48000.0;
  std::size_t channels = 2;
};

/// What has changed since the last news.
struct DeskNews {
  std::optional<std::string> targets;
  std::optional<Json> session;
  std::optional<Json> patch;  ///< Of the state.
  std::optional<std::string> report;
  std::optional<std::string> history;
  std::optional<double> monitor;  ///< A ratio.
  std::optional<LiveNews> live;   ///< Once: from now on look(), clear_clips() and process() may be called.
  std::optional<Error> failure;   ///< Of opening the player.

  bool is_empty() const;
};

class DeskThread {
 public:
  using Done = std::function<void(Result<void>)>;
  using Publish = std::function<void(DeskNews)>;

  /// `publish` is called on the desk's thread, and so is each command's `done`, after the news it made.
  DeskThread(DeskMaker make_desk, LiveMaker make_live, Publish publish);
  /// Carries out what was asked for before, writes what is not yet written, and ends. The player must not be
  /// used any more.
  ~DeskThread();
  DeskThread(const DeskThread&) = delete;
  DeskThread& operator=(const DeskThread&) = delete;

  void command(Json message, Done done);                  // [any]
  void control(const LiveCommand& command);               // [any]
  void saw_position(bool is_playing, double position_s);  // [any]
  void saw_clips(std::vector<LiveClip> clips);            // [any]

 private:
  struct Work {
    std::vector<std::pair<Json, Done>> commands;
    std::vector<LiveCommand> controls;
    std::optional<std::pair<bool, double>> position;
    std::optional<std::vector<LiveClip>> clips;
  };

  void run();
  std::optional<Work> wait_for_work();
  void put(const std::function<void(Work&)>& add);
  Result<void> carry_out(const Json& message);
  void open_player();
  void publish_changes();

  DeskMaker make_desk_;
  LiveMaker make_live_;
  Publish publish_;

  // Of the desk's thread.
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<LiveDesk> live_;  ///< Before the desk, whose session it plays.
  std::optional<Player> player_;
  bool has_tried_to_play_ = false;
  std::uint64_t session_revision_ = 0;
  std::uint64_t revision_ = 0;
  std::uint64_t report_revision_ = 0;
  std::uint64_t history_revision_ = 0;
  bool has_published_ = false;
  Json published_state_;
  std::optional<double> published_monitor_;
  DeskNews news_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Work work_;              // guarded by mutex_
  bool is_woken_ = false;  // guarded by mutex_
  bool is_over_ = false;   // guarded by mutex_
  std::thread thread_;
};

}  // namespace gainstage::desk
