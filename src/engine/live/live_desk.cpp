// SPDX-License-Identifier: MIT
#include "engine/live/live_desk.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <cmath>
#include <utility>

#include "engine/live/exchange.h"
#include "engine/live/feeder.h"
#include "engine/live/live_meters.h"
#include "engine/live/live_mixer.h"
#include "engine/live/live_monitor.h"
#include "engine/live/live_plan.h"
#include "engine/live/probe.h"
#include "engine/live/transport.h"

namespace gainstage {
namespace {

constexpr std::size_t command_room = 4096;

/// What look() is told after each block.
struct Now {
  Frames position = 0;
  std::uint32_t underruns = 0;
  bool is_playing = false;
  bool is_waiting = false;
  float load = 0.0f;
  MasterNow master = {};
};

/// Time that mixing takes over the time it lasts, of the last second.
class Load {
 public:
  explicit Load(double sample_rate_hz) : sample_rate_hz_(sample_rate_hz) {}

  void add(std::chrono::steady_clock::duration taken, std::size_t frames) noexcept {
    taken_s_ += std::chrono::duration<double>(taken).count();
    lasts_s_ += static_cast<double>(frames) / sample_rate_hz_;
    if (lasts_s_ < 1.0) return;
    load_ = static_cast<float>(taken_s_ / lasts_s_);
    taken_s_ = lasts_s_ = 0.0;
  }
  float load() const noexcept { return load_; }

 private:
  double sample_rate_hz_;
  double taken_s_ = 0.0;
  double lasts_s_ = 0.0;
  float load_ = 0.0f;
};

class Desk final : public LiveDesk {
 public:
  Desk(const Session& session, const LiveOptions& options)
      : plan_(plan_of(session)),
        meters_(plan_, options),
        mixer_(plan_, meters_.hop().most_frames()),
        monitor_(plan_, meters_.hop().most_frames()),
        feeder_(session, plan_, options.ahead_s),
        transport_(feeder_, plan_.sample_rate_hz, plan_.length, options),
        load_(plan_.sample_rate_hz),
        waits_(options.waits_for_sources),
        commands_(command_room) {
    for (std::size_t i = 0; i < live_probes; ++i)
      probes_.push_back(std::make_unique<Probe>(plan_.sample_rate_hz));
    now_.store({});
  }

  bool send(const LiveCommand& command) noexcept override { return commands_.push(command); }

  LiveBlock process(AudioView<float> out) noexcept override {
    const auto begin = std::chrono::steady_clock::now();
    LiveCommand command;
    for (std::size_t i = 0; i < command_room && commands_.pop(command); ++i) carry_out(command);
    LiveBlock block;
    block.first = transport_.position();
    block.is_playing = transport_.is_playing() || transport_.is_rolling();
    if (waits_) transport_.wait_for(out.frames);
    transport_.begin_block(out.frames);
    for (std::size_t done = 0; done < out.frames;) {
      const std::size_t most = std::min(out.frames - done, meters_.hop().frames() - at_);
      if (waits_) transport_.wait_for(most);
      const Transport::Piece piece = transport_.next(most);
      if (done == 0 && piece.slot != nullptr)
        block.first = piece.slot->first + static_cast<Frames>(piece.offset);
      block.is_after_jump = block.is_after_jump || piece.is_after_jump;
      play(piece, out.section(done, piece.frames));
      done += piece.frames;
    }
    block.underruns = transport_.underruns();
    load_.add(std::chrono::steady_clock::now() - begin, out.frames);
    now_.store({transport_.position(), transport_.underruns(), transport_.is_playing(),
                transport_.is_waiting(), load_.load(), meters_.master()});
    return block;
  }

  void look(LiveLook& look) override {
    const Now now = now_.load();
    look.is_playing = now.is_playing;
    look.is_waiting = now.is_waiting;
    look.position_s = static_cast<double>(now.position) / plan_.sample_rate_hz;
    look.underruns = now.underruns;
    meters_.look(look, now.master);
    look.master.load = now.load;
  }

  void clear_clips() override { meters_.clear_clips(); }

  std::size_t read_probe(std::size_t probe, std::vector<float>& samples) override {
    assert(probe < probes_.size());
    return probes_[probe]->read(samples);
  }

 private:
  struct Watch {
    std::uint32_t strip = LiveCommand::no_strip;
    LiveTap tap = LiveTap::fader_out;
  };

  bool has_strip(const LiveCommand& command) const noexcept { return command.strip < plan_.strips.size(); }

  void carry_out(const LiveCommand& command) noexcept {
    using Kind = LiveCommand::Kind;
    const bool is_gain = std::isfinite(command.value) && command.value >= 0.0;
    const bool is_place = has_strip(command) || command.strip == LiveCommand::no_strip;
    switch (command.kind) {
      case Kind::play:
        return transport_.play();
      case Kind::pause:
        return transport_.pause();
      case Kind::seek:
        return transport_.seek(command.first);
      case Kind::loop:
        return transport_.loop(command.first, command.last);
      case Kind::trim:
        if (is_gain && has_strip(command)) mixer_.go_trim(command.strip, command.value);
        return;
      case Kind::fader:
        if (is_gain && has_strip(command)) mixer_.go_fader(command.strip, command.value);
        return;
      case Kind::listen:
        if (is_place) monitor_.listen(command.strip, command.tap);
        return;
      case Kind::monitor:
        if (is_gain) monitor_.go_gain(command.value);
        return;
      case Kind::mono:
        return monitor_.go_mono(command.value != 0.0);
      case Kind::watch:
        if (!is_place || command.probe >= live_probes) return;
        watched_[command.probe] = {command.strip, command.tap};
        return probes_[command.probe]->begin_anew();
      case Kind::reset:
        return reset_master();
    }
  }

  /// The hop that is begun counts from here on.
  void reset_master() noexcept {
    mixer_.silence_mix(at_);
    meters_.reset_master();
  }

  void play(const Transport::Piece& piece, AudioView<float> out) noexcept {
    if (at_ == 0) mixer_.begin_hop();
    if (piece.begins_anew) reset_master();
    std::optional<Frames> position;
    if (piece.slot != nullptr) position = piece.slot->first + static_cast<Frames>(piece.offset);
    meters_.begin_piece(at_, position);
    mixer_.mix(piece.slot, piece.offset, piece.frames, at_);
    mixer_.gate_mix(transport_.gate(), piece.frames, at_);
    monitor_.render(mixer_, transport_.gate(), out);
    for (std::size_t i = 0; i < live_probes; ++i) {
      const Watch& watch = watched_[i];
      if (watch.strip != LiveCommand::no_strip)
        probes_[i]->write(mixer_.tap(watch.strip, watch.tap), piece.frames);
    }
    at_ += piece.frames;
    transport_.done(piece);
    if (at_ < meters_.hop().frames()) return;
    meters_.end_hop(mixer_);
    at_ = 0;
  }

  LivePlan plan_;
  LiveMeters meters_;
  LiveMixer mixer_;
  LiveMonitor monitor_;
  Feeder feeder_;
  Transport transport_;
  Load load_;
  bool waits_;
  BoundedQueue<LiveCommand> commands_;
  LatestValue<Now> now_;
  std::vector<std::unique_ptr<Probe>> probes_;
  std::array<Watch, live_probes> watched_{};
  std::size_t at_ = 0;  ///< Frames of the present hop.
};

}  // namespace

Result<std::unique_ptr<LiveDesk>> LiveDesk::open(const Session& session, const LiveOptions& options) {
  assert(session.flow);
  return std::make_unique<Desk>(session, options);
}

}  // namespace gainstage
