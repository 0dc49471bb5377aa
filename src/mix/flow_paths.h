// SPDX-License-Identifier: MIT
// A signal flow as matrices over time: from every strip to those it feeds, and to the mix.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "mix/timed_gains.h"
#include "session/session.h"
#include "session/signal_flow.h"

namespace gainstage {

/// A way of sound from what enters a strip (before its trim) to what enters another, or, from the master, to
/// the mix.
struct FlowEdge {
  std::size_t from = 0;
  std::optional<std::size_t> to = {};    ///< Absent: the mix.
  std::optional<std::size_t> send = {};  ///< Index within the strip; absent: the strip's own way out.
  std::size_t output = 0;                ///< Where it is no send.
};

/// Inserts let everything pass as it is. Mutes, solos, polarities, trims, faders with their VCAs, pans, sends
/// and outputs are in the matrices; what leads to hardware other than by the master is not.
///
/// A mix is linear in each of them: the sum of to_mix() over the tracks is what the master gives out. What is
/// given out refers to the flow, not to this.
class FlowPaths {
 public:
  /// The flow must be sound (check_flow()) and outlive all that is given out. `is_printed`, one a strip
  /// or empty: what enters that strip has been through its trim, polarity and inserts already.
  explicit FlowPaths(const SignalFlow& flow, std::vector<bool> is_printed = {});

  std::size_t mix_channels() const { return mix_channels_; }
  /// Strips such that each comes before those it feeds.
  const std::vector<std::size_t>& order() const { return order_; }
  /// Ways out of a strip, but those that a solo closes.
  const std::vector<FlowEdge>& edges(std::size_t strip) const { return edges_[strip]; }
  std::size_t width(const FlowEdge& edge) const;

  // Matrices over time, frame 0 at the flow's start: of the strip's channels times those of where it leads.

  TimedGains along(const FlowEdge& edge, double sample_rate_hz) const;
  TimedGains to_mix(std::size_t strip, double sample_rate_hz) const;
  /// The part of to_mix() that takes one way; the parts of all ways() add up to it.
  TimedGains to_mix(const FlowWay& way, double sample_rate_hz) const;
  /// Behind trim and polarity, as wide as the strip.
  TimedGains to_insert_in(std::size_t strip, double sample_rate_hz) const;
  /// Behind the fader and the pan, fader_out_width() wide.
  TimedGains to_fader_out(std::size_t strip, double sample_rate_hz) const;
  std::size_t fader_out_width(std::size_t strip) const;

  /// Whether a way leads from a strip to the mix. That its gain is 0 all the time does not count.
  bool reaches_mix(std::size_t strip) const { return reaches_mix_[strip]; }
  /// The ways from a strip to the mix, but those on which nothing ever passes. Absent: more than `most`.
  std::optional<std::vector<FlowWay>> ways(std::size_t strip, std::size_t most) const;

 private:
  void add_automations(const FlowEdge& edge, std::vector<const Automation*>& automations) const;
  bool is_by_fader(const FlowEdge& edge) const;
  /// Whether nothing ever passes.
  bool is_closed(const FlowEdge& edge) const;
  /// Strips on a way from one to the mix, the nearest to the mix first.
  std::vector<std::size_t> reach(std::size_t strip) const;

  const SignalFlow* flow_;
  std::vector<bool> is_printed_;
  std::vector<bool> is_unsilenced_;
  std::vector<bool> reaches_mix_;
  std::vector<std::size_t> order_;
  std::vector<std::vector<FlowEdge>> edges_;
  std::size_t mix_channels_;
};

}  // namespace gainstage
