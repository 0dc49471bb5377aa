// SPDX-License-Identifier: MIT
#include "dsp/decimator.h"

#include <array>
#include <cassert>
#include <cmath>
#include <numbers>

#include "dsp/window.h"

namespace gainstage {

std::vector<float> decimation_taps(std::size_t factor) {
  if (factor == 1) return {1.0f};
  // Kaiser's formulas for 80 dB: beta = 0.1102 (80 - 8.7), length = (80 - 8) / (2.285 transition), the
  // transition being 0.6 of the lower rate: 2 pi 0.6 / factor radians.
  constexpr double beta = 7.857;
  const double half_width =
      std::ceil(0.5 * 72.0 / (2.285 * 2.0 * std::numbers::pi * 0.6) * static_cast<double>(factor));
  std::vector<double> taps;
  double sum = 0.0;
  for (double t = -half_width; t <= half_width; t += 1.0) {
    const double turns = t / static_cast<double>(factor);  // Cut-off: half the lower rate.
    const double sinc = t == 0.0 ? 1.0 : std::sin(std::numbers::pi * turns) / (std::numbers::pi * turns);
    taps.push_back(sinc * kaiser_window(t / (half_width + 1.0), beta));
    sum += taps.back();
  }
  std::vector<float> result;
  result.reserve(taps.size());
  for (double tap : taps) result.push_back(static_cast<float>(tap / sum));
  return result;
}

void decimate(std::span<const float> taps, std::size_t factor, std::span<const float> x,
              std::span<float> out) noexcept {
  constexpr std::size_t lanes = 16;
  for (std::size_t m = 0; m < out.size(); ++m) {
    const float* const in = x.data() + m * factor;
    assert(m * factor + taps.size() <= x.size());
    std::array<float, lanes> sums{};
    std::size_t j = 0;
    for (; j + lanes <= taps.size(); j += lanes) {
      for (std::size_t l = 0; l < lanes; ++l) sums[l] += taps[j + l] * in[j + l];
    }
    float sum = 0.0f;
    for (; j < taps.size(); ++j) sum += taps[j] * in[j];
    for (float lane : sums) sum += lane;
    out[m] = sum;
  }
}

}  // namespace gainstage
