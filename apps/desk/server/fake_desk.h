// SPDX-License-Identifier: MIT
// A desk and a player for the server's tests: small, and always the same.
#pragma once

#include <array>
#include <atomic>
#include <cmath>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "desk/model/desk.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

/// Two tracks into a master, for 10 s; knows `gain`, `mute`, `clear_clips` and `throw`.
class FakeDesk : public Desk {
 public:
  static constexpr double duration_s = 10.0;

  FakeDesk() {
    Json strips = Json::array();
    for (std::size_t s = 0; s < 3; ++s) {
      const std::string id = "s" + std::to_string(s);
      strips.push_back({{"id", id}, {"name", "Strip " + id}, {"kind", s == 2 ? "master" : "track"}});
      state_["strips"][id] = {{"fader_db", 0.0}, {"trim_db", 0.0}, {"mute", false}, {"clip", nullptr}};
    }
    strips.push_back({{"id", "v0"}, {"name", "All"}, {"kind", "vca"}});
    session_document_ = {{"schema", "gainstage.desk/1"}, {"duration_s", duration_s}, {"strips", strips}};
    state_["phase"] = "ready";
    state_["transport"] = {{"playing", false}, {"position_s", 0.0}, {"loop", nullptr}};
    session_.sample_rate_hz = 48000.0;
    session_.channels = 2;
    live_.strips.resize(3);
  }

  void poll() override {}
  const Json& session() const override { return session_document_; }
  const Json& state() const override { return state_; }
  std::uint64_t session_revision() const override { return 1; }
  std::uint64_t revision() const override { return revision_; }
  std::uint64_t report_revision() const override { return 1; }
  std::uint64_t history_revision() const override { return 0; }
  std::string report() const override { return R"({"schema":"gainstage.report/1"})"; }
  std::string history() const override { return ""; }
  Json targets() const override { return Json::array({{{"id", "spotify"}}}); }

  Result<void> command(const Json& message) override {
    const std::string what = message.at("do").get<std::string>();
    if (what == "throw") return {message.at("nothing").get<int>() > 0 ? Result<void>{} : Result<void>{}};
    if (what == "clear_clips") {
      for (auto& [id, strip] : state_["strips"].items()) strip["clip"] = nullptr;
      ++revision_;
      return {};
    }
    const auto strip = message.find("strip");
    const std::string id = strip != message.end() && strip->is_string() ? strip->get<std::string>() : "";
    if (!state_["strips"].contains(id)) return failure(ErrorCode::usage, "There is no such strip.");
    const auto index = static_cast<std::size_t>(id[1] - '0');
    if (what == "gain") {
      const double db = message.value("db", 0.0);
      state_["strips"][id]["fader_db"] = db;
      live_.strips[index].fader = to_ratio({db});
    } else if (what == "mute") {
      state_["strips"][id]["mute"] = message.value("on", false);
      live_.strips[index].fader = message.value("on", false) ? 0.0 : 1.0;
    } else {
      return failure(ErrorCode::usage, "There is no command of this name.");
    }
    ++revision_;
    return {};
  }

  const Session* playable() const override { return &session_; }
  const LiveSettings& live() const override { return live_; }
  void show_transport(const Json& transport) override {
    state_["transport"] = transport;
    ++revision_;
  }
  void show_clips(const std::vector<LiveClip>& clips) override {
    for (std::size_t s = 0; s < clips.size(); ++s) {
      const Json clip = clips[s].over_db > 0.0f ? Json{{"over_db", clips[s].over_db}} : Json();
      state_["strips"]["s" + std::to_string(s)]["clip"] = clip;
    }
    ++revision_;
  }
  void flush() override { ++flushes; }

  std::size_t flushes = 0;

 private:
  Json session_document_;
  Json state_;
  std::uint64_t revision_ = 1;
  Session session_;
  LiveSettings live_;
};

/// Plays a ramp: sample n of the left channel is n modulo 32768 over 65536, the right one its negative; times
/// the first strip's fader.
class FakeLive : public LiveDesk {
 public:
  static float sample(Frames frame) { return static_cast<float>(frame % 32768) / 65536.0f; }

  bool send(const LiveCommand& command) noexcept override {
    const std::scoped_lock lock(mutex_);
    if (commands_.size() >= room) return false;
    commands_.push_back(command);
    log_.push_back(command);
    return true;
  }

  LiveBlock process(AudioView<float> out) noexcept override {
    const std::scoped_lock lock(mutex_);
    bool is_jump = false;
    for (; !commands_.empty(); commands_.pop_front()) is_jump = apply(commands_.front()) || is_jump;
    LiveBlock block{.first = position_, .is_playing = is_playing_, .is_after_jump = is_jump, .underruns = 0};
    for (std::size_t f = 0; f < out.frames; ++f) {
      const float value = is_playing_ ? gain_ * sample(position_++) : 0.0f;
      out.channel(0)[f] = value;
      out.channel(1)[f] = -value;
    }
    ++blocks_;
    return block;
  }

  void look(LiveLook& look) override {
    const std::scoped_lock lock(mutex_);
    constexpr float silent = -std::numeric_limits<float>::infinity();
    look.is_playing = is_playing_;
    look.position_s = static_cast<double>(position_) / 48000.0;
    look.master = {};
    look.master.peak_dbfs = silent;
    look.strips.assign(3, {{-3.0f, -2.0f, -1.0f, -20.0f}, {-6.0f, silent, 0.0f, -23.0f}});
    look.clips.assign(3, {});
    if (!is_clear_) look.clips[1] = {.over_db = 1.5f, .tap = LiveTap::insert_in, .at_s = 2.0};
  }

  void clear_clips() override {
    const std::scoped_lock lock(mutex_);
    is_clear_ = true;
  }

  std::size_t read_probe(std::size_t, std::vector<float>& samples) override {
    samples.clear();
    for (std::size_t f = 0; f < 1600; ++f) {
      const double phase = 2.0 * 3.14159265358979 * 1000.0 * static_cast<double>(probed_++) / 48000.0;
      samples.push_back(static_cast<float>(0.5 * std::sin(phase)));
      samples.push_back(samples.back());
    }
    return 1600;
  }

  std::vector<LiveCommand> log() const {
    const std::scoped_lock lock(mutex_);
    return log_;
  }
  std::size_t blocks() const {
    const std::scoped_lock lock(mutex_);
    return blocks_;
  }

  std::size_t room = 4096;

 private:
  bool apply(const LiveCommand& command) {
    using Kind = LiveCommand::Kind;
    if (command.kind == Kind::fader && command.strip == 0) gain_ = static_cast<float>(command.value);
    if (command.kind == Kind::play) is_playing_ = true;
    if (command.kind == Kind::pause) is_playing_ = false;
    if (command.kind == Kind::seek) position_ = command.first;
    return command.kind == Kind::play || command.kind == Kind::seek;
  }

  mutable std::mutex mutex_;
  std::deque<LiveCommand> commands_;
  std::vector<LiveCommand> log_;
  std::size_t blocks_ = 0;
  bool is_playing_ = false;
  bool is_clear_ = false;
  float gain_ = 1.0f;
  Frames position_ = 0;
  std::size_t probed_ = 0;
};

}  // namespace gainstage::desk
