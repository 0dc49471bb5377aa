// SPDX-License-Identifier: MIT
// What one signal can reach between its samples, hop by hop. Internal to the room.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "meters/hop_clock.h"
#include "meters/true_peak.h"

namespace gainstage {

/// Law: the bounds do not depend on how the signal was cut into blocks.
class PartPeaks {
 public:
  PartPeaks(TruePeakFilter filter, double sample_rate_hz, std::size_t channels);

  void process(AudioView<const float> block);
  /// After the last block: one a hop (MixPeaks::hops_per_second), of the greatest channel. Silence follows.
  std::vector<float> finish();

 private:
  /// Takes frames of rows_ into the present hop.
  void survey(std::size_t first, std::size_t frames);

  double level_;
  double bend_;
  double rounding_;  ///< Of the filter, for each unit of the greatest sample.
  HopClock hops_;
  std::vector<std::vector<float>> rows_;  ///< Of each channel: what is not surveyed yet.
  bool has_begun_ = false;
  std::vector<float> peaks_;  ///< By hop, the present one last.
  std::vector<float> bends_;
};

}  // namespace gainstage
