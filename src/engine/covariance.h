// SPDX-License-Identifier: MIT
// The zero-lag covariance of all tracks, block by block. Internal to the room.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "dsp/level.h"
#include "engine/job.h"

namespace gainstage {

/// Of K-weighted tracks as they go into the mix: channels weighted and summed, mono sources on two channels.
class Covariance {
 public:
  /// `channels`: of each track's source. `weights`: of each channel of the mix.
  Covariance(std::vector<std::size_t> channels, std::vector<double> weights);

  /// Adds a block of every track. Blocks may be of different lengths: the shorter is silent after its end.
  void add(std::span<const AudioView<const float>> blocks, Job& job);

  /// Means over `frames`, row-major n x n.
  std::vector<double> means(double frames) const;

 private:
  void add_pair(std::size_t i, std::size_t j, std::span<const AudioView<const float>> blocks);
  std::size_t place(std::size_t i, std::size_t j) const { return i * channels_.size() + j; }

  std::vector<std::size_t> channels_;
  std::vector<double> weights_;
  std::vector<double> sums_;  ///< Row-major; j >= i are used.
};

}  // namespace gainstage
