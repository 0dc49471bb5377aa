// SPDX-License-Identifier: MIT
// The Gram matrix of all tracks, hop by hop. Internal to the room.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/audio_view.h"
#include "engine/job.h"
#include "meters/hop_clock.h"
#include "session/session.h"

namespace gainstage {

/// Products of every pair of K-weighted tracks as they go into the mix, channels weighted and summed, mono
/// sources on two channels: with gains g, the energy of the mix in a hop is g^T G g.
class GramMeter {
 public:
  /// Takes the means of a hop that is complete: one a pair (dsp/pair_products.h).
  using OnHop = std::function<void(std::span<const double>)>;

  /// Of the session's tracks. `weights`: of each channel of the mix.
  GramMeter(const Session& session, std::vector<double> weights, double hops_per_second, OnHop on_hop = {});

  void on_hop(OnHop on_hop) { on_hop_ = std::move(on_hop); }

  /// Adds a block of every track, as long as the longest of them: the shorter is silent after its end.
  /// `ringing`: the same blocks for on_hop() alone, where filters ring on after the ends; empty: no others.
  void add(std::span<const AudioView<const float>> blocks, Job& job,
           std::span<const AudioView<const float>> ringing = {});

  /// Means over all that was added, row-major n x n.
  std::vector<double> means() const;

 private:
  /// A part of a block that lies in one hop.
  struct Part {
    std::size_t first = 0;
    std::size_t frames = 0;
    Frames frames_in_hop = 0;
    bool ends_hop = false;
  };

  std::vector<Part> cut(std::size_t frames);
  void add_part(std::span<const AudioView<const float>> blocks, const Part& part, std::size_t channel,
                std::span<double> sums) const;

  /// Of each track: the source channel of each channel of the mix.
  std::vector<std::vector<std::optional<std::size_t>>> sources_;
  std::vector<double> weights_;
  HopClock hops_;
  OnHop on_hop_;
  std::vector<double> hop_sums_;
  std::vector<double> hop_rings_;  ///< What on_hop() gets besides.
  std::vector<double> sums_;       ///< Of the hops that are complete.
  double frames_ = 0.0;
};

}  // namespace gainstage
