// SPDX-License-Identifier: MIT
#include "desk/server/player.h"

#include <array>
#include <cmath>

#include "desk/server/message.h"

namespace gainstage::desk {
namespace {

/// A command is heard, and seen by the meters, well within this.
constexpr auto settling = std::chrono::milliseconds(200);
constexpr double shortest_loop_s = 0.05;

using Kind = LiveCommand::Kind;

}  // namespace

bool Player::is_transport(std::string_view what) {
  for (const std::string_view known : {"play", "pause", "stop", "seek", "loop"}) {
    if (what == known) return true;
  }
  return false;
}

Result<void> Player::command(const Json& message, Time now) {
  const std::string what = message.at("do").get<std::string>();
  settled_at_ = now + settling;
  if (what == "seek") return seek(message);
  if (what == "loop") return loop(message);
  if (what == "play") {
    if (is_playing_) return {};
    if (seen_position_s_ >= duration_s_ - 0.001) seek_to(0.0);
    position_s_ = seen_position_s_;
    began_at_s_ = position_s_;
    is_playing_ = true;
    send({.kind = Kind::play});
    return {};
  }
  send({.kind = Kind::pause});
  is_playing_ = false;
  position_s_ = seen_position_s_;
  if (what == "stop") seek_to(began_at_s_);
  return {};
}

Result<void> Player::seek(const Json& message) {
  const auto at_s = number_in(message, "at_s", 0.0, duration_s_);
  if (!at_s) return tl::unexpected(at_s.error());
  seek_to(*at_s);
  began_at_s_ = *at_s;
  return {};
}

Result<void> Player::loop(const Json& message) {
  const auto from_s = optional_number_in(message, "from_s", 0.0, duration_s_);
  if (!from_s) return tl::unexpected(from_s.error());
  const auto to_s = optional_number_in(message, "to_s", 0.0, duration_s_);
  if (!to_s) return tl::unexpected(to_s.error());
  if (!*from_s && !*to_s) {
    loop_s_.reset();
    send({.kind = Kind::loop});
    return {};
  }
  if (!*from_s || !*to_s || **to_s - **from_s < shortest_loop_s) {
    return failure(ErrorCode::usage, "A loop has from_s and to_s, at least 0.05 s after it.");
  }
  loop_s_ = {**from_s, **to_s};
  send({.kind = Kind::loop, .first = frame_at(**from_s), .last = frame_at(**to_s)});
  return {};
}

void Player::seek_to(double position_s) {
  position_s_ = seen_position_s_ = position_s;
  send({.kind = Kind::seek, .first = frame_at(position_s)});
}

Frames Player::frame_at(double seconds) const {
  return static_cast<Frames>(std::llround(seconds * sample_rate_hz_));
}

void Player::follow(const LiveSettings& settings) {
  if (!sent_) sent_.emplace();
  // A fresh player is where a default of these is.
  sent_->strips.resize(settings.strips.size());
  for (std::size_t s = 0; s < settings.strips.size(); ++s) {
    const auto strip = static_cast<std::uint32_t>(s);
    const LiveSettings::Strip& now = settings.strips[s];
    const LiveSettings::Strip& before = sent_->strips[s];
    if (now.trim != before.trim) send({.kind = Kind::trim, .strip = strip, .value = now.trim});
    if (now.fader != before.fader) send({.kind = Kind::fader, .strip = strip, .value = now.fader});
  }
  if (settings.listen_strip != sent_->listen_strip || settings.listen_tap != sent_->listen_tap) {
    const auto strip =
        settings.listen_strip ? static_cast<std::uint32_t>(*settings.listen_strip) : LiveCommand::no_strip;
    send({.kind = Kind::listen, .tap = settings.listen_tap, .strip = strip});
  }
  if (settings.monitor != sent_->monitor) send({.kind = Kind::monitor, .value = settings.monitor});
  if (settings.is_mono != sent_->is_mono) send({.kind = Kind::mono, .value = settings.is_mono ? 1.0 : 0.0});
  sent_ = settings;
}

void Player::send(const LiveCommand& command) {
  retry();
  if (!waiting_.empty() || !live_.send(command)) waiting_.push_back(command);
}

void Player::retry() {
  while (!waiting_.empty() && live_.send(waiting_.front())) waiting_.pop_front();
}

bool Player::saw(bool is_playing, double position_s, Time now) {
  if (now < settled_at_) return false;
  seen_position_s_ = position_s;
  const bool is_other =
      is_playing != is_playing_ || (!is_playing && std::abs(position_s - position_s_) > 0.0005);
  if (!is_other) return false;
  is_playing_ = is_playing;
  position_s_ = position_s;
  return true;
}

Json Player::transport() const {
  Json loop;
  if (loop_s_) loop = {{"from_s", loop_s_->first}, {"to_s", loop_s_->second}};
  return {{"playing", is_playing_}, {"position_s", position_s_}, {"loop", std::move(loop)}};
}

}  // namespace gainstage::desk
