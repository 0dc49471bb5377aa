// SPDX-License-Identifier: MIT
// The demo's own random numbers: the same on every machine, unlike the distributions of <random>.
#pragma once

#include <cstdint>

namespace gainstage::demo {

/// SplitMix64 (Steele, Lea and Flood, 2014). One instance a part, so that parts do not disturb each other.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// 0 up to, but not, 1.
  double uniform() {
    state_ += 0x9E3779B97F4A7C15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return static_cast<double>(z >> 11) * 0x1.0p-53;
  }
  /// White noise of +-1.
  double noise() { return 2.0 * uniform() - 1.0; }

 private:
  std::uint64_t state_;
};

}  // namespace gainstage::demo
