// SPDX-License-Identifier: MIT
// Made-up desks with everything that sound can pass, for tests of this room.
#pragma once

#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/flow_session.h"
#include "engine/test_session.h"
#include "session/signal_flow.h"

namespace gainstage::test {

inline constexpr double desk_rate_hz = 48000.0;
inline constexpr double desk_length_s = 5.0;

/// Where hands may have moved the stages of a desk, as ratios on its own.
struct DeskMoves {
  std::vector<double> trims;   ///< One a strip.
  std::vector<double> faders;  ///< One a strip, without the VCAs.
  std::vector<double> vcas;    ///< One a VCA.
};

/// Tracks in groups in a bus each, some through a second bus, sends before and behind the fader to effects,
/// VCAs over tracks and buses, pans and faders that are automated.
class RandomDesk {
 public:
  explicit RandomDesk(unsigned seed) : random_(seed) {
    flow.format = "ardour";
    flow.name = "desk";
    flow.sample_rate_hz = desk_rate_hz;
    flow.length_s = desk_length_s;
    flow.strips.push_back({.id = "m", .name = "Master", .kind = StripKind::master, .fader = {.ratio = 0.9}});
    add_bus("All", 0);
    add_bus("Drums", 1);
    add_bus("Voices", 0);
    add_bus("Echo", 0);
    add_bus("Room", 1);
    flow.strips[3].sends.push_back(send(5, Send::Tap::after_pan));
    flow.vcas.push_back({.id = "v0", .name = "Rhythm", .gain = {.ratio = 0.8}});
    flow.vcas.push_back({.id = "v1", .name = "Everything", .gain = {.ratio = 1.1}});
    flow.strips[2].vcas = {1};
    for (std::size_t i = 0; i < 6; ++i) add_track(i);
  }

  DeskMoves moves() {
    DeskMoves made{std::vector<double>(flow.strips.size(), 1.0), std::vector<double>(flow.strips.size(), 1.0),
                   std::vector<double>(flow.vcas.size(), 1.0)};
    for (std::vector<double>* ratios : {&made.trims, &made.faders, &made.vcas}) {
      for (double& ratio : *ratios) {
        if (some(0.5)) ratio = between(0.1, 3.0);
        if (ratios != &made.trims && some(0.1)) ratio = 0.0;
      }
    }
    return made;
  }

  /// The flow as a hand on the desk itself leaves it.
  SignalFlow moved(const DeskMoves& moves) const {
    SignalFlow result = flow;
    for (std::size_t i = 0; i < result.strips.size(); ++i) {
      result.strips[i].trim.ratio *= moves.trims[i];
      // In series with the fader, whose automation stays.
      result.strips[i].second_fader = GainControl{.ratio = moves.faders[i]};
    }
    for (std::size_t v = 0; v < result.vcas.size(); ++v) result.vcas[v].gain.ratio *= moves.vcas[v];
    return result;
  }

  /// The faders' ratios with those of their VCAs.
  std::vector<double> faders(const DeskMoves& moves) const {
    std::vector<double> ratios = moves.faders;
    for (std::size_t i = 0; i < ratios.size(); ++i) {
      for (const std::size_t vca : flow.strips[i].vcas) ratios[i] *= moves.vcas[vca];
    }
    return ratios;
  }

  Session session(SignalFlow of) const {
    find_media(of, {folder.path(), {}});
    auto made = session_of(std::move(of));
    if (!made) throw std::runtime_error(made.error().sentence);
    return std::move(made->session);
  }

  TemporaryFolder folder;
  SignalFlow flow;

 private:
  double between(double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random_);
  }
  bool some(double share) { return between(0.0, 1.0) < share; }
  std::size_t one_of(std::vector<std::size_t> list) {
    return list[std::uniform_int_distribution<std::size_t>(0, list.size() - 1)(random_)];
  }

  Send send(std::size_t to, Send::Tap tap) {
    return {.name = "send", .to = to, .tap = tap, .gain = {.ratio = between(0.1, 0.7)}};
  }

  void add_bus(const std::string& name, std::size_t to) {
    Strip bus{.id = name, .name = name, .kind = StripKind::bus, .fader = {.ratio = between(0.5, 1.2)}};
    bus.trim.ratio = between(0.7, 1.3);
    bus.pan = {.law = PanLaw::ardour_balance, .position = between(-0.3, 0.3)};
    bus.outputs.push_back({.to = to});
    flow.strips.push_back(std::move(bus));
  }

  void add_track(std::size_t number) {
    const std::string name = "track " + std::to_string(number);
    const std::size_t channels = some(0.5) ? 1 : 2;
    const AudioBuffer sound = render(phrases(0.5, between(0.3, 1.5)), desk_rate_hz, channels, desk_length_s,
                                     static_cast<unsigned>(random_()));
    if (!write_audio(folder / (name + ".wav"),
                     {Container::wav, SampleFormat::float32, desk_rate_hz, channels}, sound))
      throw std::runtime_error("a test's file can't be written");
    flow.sources.push_back({.name = name, .path = name + ".wav"});
    Strip track{.id = name, .name = name, .kind = StripKind::track, .channels = channels};
    track.clips.push_back({.name = name,
                           .sources = {number},
                           .source_channels = {},
                           .start_s = 0.0,
                           .length_s = desk_length_s});
    track.trim.ratio = between(0.5, 1.5);
    track.fader.ratio = between(0.3, 1.0);
    if (some(0.4)) {
      track.fader.automation =
          Automation{AutomationScale::value, {{0.5, between(0.2, 1.0)}, {3.0, between(0.2, 1.0)}}};
    }
    track.pan.law = PanLaw::ardour;
    track.pan.position = between(-0.8, 0.8);
    if (some(0.3)) track.pan.automation = Automation{AutomationScale::value, {{1.0, -0.5}, {4.0, 0.5}}};
    track.outputs.push_back({.to = one_of({0, 1, 2, 3})});
    if (some(0.6)) track.sends.push_back(send(4, Send::Tap::after_fader));
    if (some(0.5)) track.sends.push_back(send(one_of({4, 5}), Send::Tap::before_fader));
    if (some(0.3)) track.sends.push_back(send(5, Send::Tap::after_pan));
    if (some(0.5)) track.vcas.push_back(0);
    if (some(0.3)) track.vcas.push_back(1);
    flow.strips.push_back(std::move(track));
  }

  std::mt19937 random_;
};

}  // namespace gainstage::test
