// SPDX-License-Identifier: MIT
// What a limiter did, from the ratios it multiplied by. Internal to the room.
#pragma once

#include <span>

#include "engine/engine.h"

namespace gainstage {

class LimiterLog {
 public:
  explicit LimiterLog(double sample_rate_hz) : sample_rate_hz_(sample_rate_hz) {}

  void add(std::span<const float> gain_ratios);
  LimiterReport report() const;

 private:
  double sample_rate_hz_;
  std::uint64_t frames_ = 0;
  std::uint64_t active_frames_ = 0;
  double active_db_ = 0.0;     ///< Sum of the reductions of the active frames.
  float least_of_hop_ = 1.0f;  ///< Ratio.
  std::vector<float> reduction_db_;
};

}  // namespace gainstage
