// SPDX-License-Identifier: MIT
// For tests of kernels.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace gainstage {

/// Evenly spread over -1 to 1, of full scale.
inline std::vector<float> noise(std::size_t length, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> values(-1.0f, 1.0f);
  std::vector<float> x(length);
  for (float& value : x) value = values(random);
  return x;
}

}  // namespace gainstage
