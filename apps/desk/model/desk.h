// SPDX-License-Identifier: MIT
// The desk's state, and what may be done to it. docs/desk-api.md is its contract; nothing here knows of a
// network or of sound.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "engine/live/live_desk.h"
#include "session/session.h"

namespace gainstage::desk {

using Json = nlohmann::json;

struct DeskOptions {
  std::string path;                ///< A folder of stems, or a DAW's session.
  std::string target = "spotify";  ///< Id of a destination.
  std::string printed;             ///< Folder of printed stems; empty: none.
  std::size_t threads = 0;
  /// Called from any thread when poll() has something to do.
  std::function<void()> wake;
};

/// What is heard now: of the stages' ratios, mute, solo, the walk and the comparison everything is in here.
struct LiveSettings {
  struct Strip {
    double trim = 1.0;   ///< Ratio on playable()'s own.
    double fader = 1.0;  ///< VCAs, mute and solo included.
    bool operator==(const Strip&) const = default;
  };
  std::vector<Strip> strips;  ///< One a strip of the flow.
  std::optional<std::size_t> listen_strip;
  LiveTap listen_tap = LiveTap::fader_out;
  double monitor = 1.0;  ///< Dim, and what matches a comparison.
  bool is_mono = false;
};

/// One desk. All members are for one thread, which calls poll() now and then; long work is done on threads of
/// its own, and what it finds comes in by poll().
class Desk {
 public:
  /// Begins to open the session at once, and returns before that is done. What a killed desk left beside
  /// the session is taken up again.
  static std::unique_ptr<Desk> open(DeskOptions options);
  virtual ~Desk() = default;

  virtual void poll() = 0;

  /// The documents of docs/desk-api.md.
  virtual const Json& session() const = 0;
  virtual const Json& state() const = 0;
  virtual std::uint64_t session_revision() const = 0;
  virtual std::uint64_t revision() const = 0;          ///< Of the state; rises with each change.
  virtual std::uint64_t report_revision() const = 0;   ///< 0: there is none yet.
  virtual std::uint64_t history_revision() const = 0;  ///< 0: there is none yet.
  virtual std::string report() const = 0;              ///< JSON text.
  virtual std::string history() const = 0;             ///< JSON text.
  virtual Json targets() const = 0;

  /// Everything but the transport (play, pause, stop, seek, loop), which is the player's, and what is the
  /// page's own (listen, heard, watch, ping, reset_meters). Error: the reply's.
  virtual Result<void> command(const Json& message) = 0;

  /// The session to play, with a flow; null until it is known. Stays where it is from then on. What the
  /// desk can raise or unmute stands in it at 0 dB and unmuted.
  virtual const Session* playable() const = 0;
  virtual const LiveSettings& live() const = 0;
  /// Transport is the player's; the desk's state shows what it is told.
  virtual void show_transport(const Json& transport) = 0;
  /// Clips that were met while playing, one a strip of the flow.
  virtual void show_clips(const std::vector<LiveClip>& clips) = 0;
  /// Writes what is not yet written of the state, beside the session.
  virtual void flush() = 0;
};

}  // namespace gainstage::desk
