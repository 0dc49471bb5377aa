// SPDX-License-Identifier: MIT
// K-weighted audio, for who needs more than its energy (covariance of tracks).
#pragma once

#include <vector>

#include "base/audio_view.h"
#include "dsp/k_weighting.h"
#include "meters/hop_clock.h"

namespace gainstage {

/// The K-weighting of BS.1770 on every channel. No latency.
///
/// Law: the output does not depend on how the signal was cut into blocks.
class KWeightingFilter {
 public:
  void prepare(Format format);  // [main]
  void reset() noexcept;        // [rt]
  /// `in` and `out` have the prepared channels and the same frames. They may be the same memory.
  void process(AudioView<const float> in, AudioView<float> out) noexcept;  // [rt]

 private:
  KWeightingCoefficients filter_;
  HopClock flushes_;
  std::vector<KWeightingState> states_;
};

}  // namespace gainstage
