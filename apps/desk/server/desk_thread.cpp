// SPDX-License-Identifier: MIT
#include "desk/server/desk_thread.h"

#include <exception>
#include <utility>

#include "desk/server/merge_patch.h"

namespace gainstage::desk {
namespace {

/// How long the desk may be left alone: poll() is called, and what the player had no room for is sent again.
constexpr auto longest_wait = std::chrono::milliseconds(50);

}  // namespace

bool DeskNews::is_empty() const {
  return !targets && !session && !patch && !report && !history && !monitor && !live && !failure;
}

DeskThread::DeskThread(DeskMaker make_desk, LiveMaker make_live, Publish publish)
    : make_desk_(std::move(make_desk)), make_live_(std::move(make_live)), publish_(std::move(publish)) {
  thread_ = std::thread([this] { run(); });
}

DeskThread::~DeskThread() {
  {
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void DeskThread::put(const std::function<void(Work&)>& add) {
  const std::scoped_lock lock(mutex_);
  add(work_);
  is_woken_ = true;
  changed_.notify_one();
}

void DeskThread::command(Json message, Done done) {
  put([&](Work& work) { work.commands.emplace_back(std::move(message), std::move(done)); });
}

void DeskThread::control(const LiveCommand& command) {
  put([&](Work& work) { work.controls.push_back(command); });
}

void DeskThread::saw_position(bool is_playing, double position_s) {
  put([&](Work& work) { work.position = {is_playing, position_s}; });
}

void DeskThread::saw_clips(std::vector<LiveClip> clips) {
  put([&](Work& work) { work.clips = std::move(clips); });
}

std::optional<DeskThread::Work> DeskThread::wait_for_work() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest_wait, [this] { return is_woken_ || is_over_; });
  if (is_over_ && work_.commands.empty()) return std::nullopt;
  is_woken_ = false;
  return std::exchange(work_, {});
}

void DeskThread::run() {
  desk_ = make_desk_([this] { put([](Work&) {}); });
  news_.targets = desk_->targets().dump();
  publish_changes();
  while (auto work = wait_for_work()) {
    desk_->poll();
    open_player();
    if (player_) {
      player_->retry();
      for (const LiveCommand& command : work->controls) player_->send(command);
      if (work->position &&
          player_->saw(work->position->first, work->position->second, std::chrono::steady_clock::now()))
        desk_->show_transport(player_->transport());
      if (work->clips) desk_->show_clips(*work->clips);
    }
    publish_changes();
    for (auto& [message, done] : work->commands) {
      const Result<void> outcome = carry_out(message);
      publish_changes();
      done(outcome);
    }
  }
  desk_->flush();
  live_.reset();
  desk_.reset();
}

Result<void> DeskThread::carry_out(const Json& message) {
  const std::string what = message.at("do").get<std::string>();
  if (!Player::is_transport(what) && what != "reset_meters") {
    try {
      return desk_->command(message);
    } catch (const std::exception& error) {
      // A mistake of ours; the desk goes on.
      return failure(ErrorCode::bad_input,
                     std::string("The command could not be carried out: ") + error.what());
    }
  }
  if (!player_)
    return failure(ErrorCode::usage, "The session is still being opened; it can't be played yet.");
  if (what == "reset_meters") {
    player_->send({.kind = LiveCommand::Kind::reset});
    return {};
  }
  auto outcome = player_->command(message, std::chrono::steady_clock::now());
  if (outcome) desk_->show_transport(player_->transport());
  return outcome;
}

void DeskThread::open_player() {
  const Session* session = has_tried_to_play_ ? nullptr : desk_->playable();
  if (!session) return;
  has_tried_to_play_ = true;
  auto live = make_live_(*session);
  if (!live) {
    news_.failure = live.error();
    return;
  }
  live_ = std::move(*live);
  // As pages see it: what they may seek to.
  const double duration_s = desk_->session().value("duration_s", session->duration_s());
  player_.emplace(*live_, session->sample_rate_hz, duration_s);
  news_.live = LiveNews{live_.get(), session->sample_rate_hz, session->channels};
}

void DeskThread::publish_changes() {
  if (player_) {
    player_->follow(desk_->live());
    if (published_monitor_ != desk_->live().monitor)
      published_monitor_ = news_.monitor = desk_->live().monitor;
  }
  const bool is_first = !std::exchange(has_published_, true);
  if (const auto now = desk_->session_revision(); is_first || now != session_revision_) {
    session_revision_ = now;
    news_.session = desk_->session();
  }
  if (const auto now = desk_->revision(); is_first || now != revision_) {
    revision_ = now;
    news_.patch = merge_diff(published_state_, desk_->state());
    if (news_.patch) merge_keeping_nulls(published_state_, *news_.patch);
  }
  if (const auto now = desk_->report_revision(); now != report_revision_) {
    report_revision_ = now;
    news_.report = desk_->report();
  }
  if (const auto now = desk_->history_revision(); now != history_revision_) {
    history_revision_ = now;
    news_.history = desk_->history();
  }
  if (!news_.is_empty()) publish_(std::exchange(news_, {}));
}

}  // namespace gainstage::desk
