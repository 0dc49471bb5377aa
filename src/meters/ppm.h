// SPDX-License-Identifier: MIT
// Quasi-peak programme meters of IEC 60268-10.
#pragma once

#include <cstddef>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/hop_clock.h"
#include "meters/meter.h"

namespace gainstage {

/// i: DIN and Nordic, 20 dB back in 1.7 s. ii: BBC and EBU, 24 dB back in 2.8 s.
enum class PpmType { i, ii };

/// Reads tone bursts as the standard's table has it, at any rate. A steady sine reads its peak.
class PpmMeter {
 public:
  explicit PpmMeter(PpmType type = PpmType::ii) : type_(type) {}

  void prepare(Format format);                          // [main]
  void process(AudioView<const float> block) noexcept;  // [rt]
  void reset() noexcept;                                // [rt]

  Db level(std::size_t channel) const noexcept;      ///< dBFS.
  Db level_max(std::size_t channel) const noexcept;  ///< dBFS.

 private:
  struct Channel {
    double fast = 0.0;
    double slow = 0.0;
    double greatest = 0.0;  ///< Of their sum.
  };

  PpmType type_;
  HopClock flushes_;
  std::vector<Channel> channels_;
  double fast_attack_ = 0.0;
  double slow_attack_ = 0.0;
  double release_ = 0.0;
  double gain_ = 0.0;
};

static_assert(Meter<PpmMeter>);

}  // namespace gainstage
