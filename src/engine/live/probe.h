// SPDX-License-Identifier: MIT
// The newest second of a signal, for another thread to look at. Internal to the room.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/live/live_mixer.h"

namespace gainstage {

/// Two channels. Who writes never waits; what is overwritten while it is read is not given out.
class Probe {
 public:
  explicit Probe(double sample_rate_hz);  // [main] allocates

  void begin_anew() noexcept;                                       ///< What came before is not read. [rt]
  void write(const LiveSound& sound, std::size_t frames) noexcept;  // [rt]
  /// What came since the last call, interleaved, at most a second. [meters]
  std::size_t read(std::vector<float>& samples);

 private:
  std::size_t second_;
  std::vector<std::atomic<float>> samples_;  ///< A second and a quarter.
  std::size_t capacity_;                     ///< Frames of it.
  std::atomic<std::uint64_t> writing_ = 0;   ///< Frames before this may be overwritten less the capacity.
  std::atomic<std::uint64_t> written_ = 0;
  std::atomic<std::uint64_t> begin_ = 0;
  std::uint64_t read_ = 0;
};

}  // namespace gainstage
