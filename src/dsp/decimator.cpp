// SPDX-License-Identifier: MIT
#include "dsp/decimator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "dsp/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/decimator.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>
//
#include "dsp/sum_of_lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void Decimate(const float* taps, std::size_t tap_count, std::size_t factor, const float* x, float* out,
              std::size_t count) {
  const Tag d;
  const std::size_t lanes = hn::Lanes(d);
  constexpr std::size_t together = 4;  // Outputs.
  const std::size_t whole_taps = tap_count / lanes * lanes;
  for (std::size_t m = 0; m < count; m += together) {
    // Over the end, the last output is made again.
    const float* in[together];
    for (std::size_t i = 0; i < together; ++i) in[i] = x + std::min(m + i, count - 1) * factor;
    Vector sums[together];
    for (Vector& sum : sums) sum = hn::Zero(d);
    for (std::size_t j = 0; j < whole_taps; j += lanes) {
      const Vector tap = hn::LoadU(d, taps + j);
      for (std::size_t i = 0; i < together; ++i) sums[i] = hn::MulAdd(tap, hn::LoadU(d, in[i] + j), sums[i]);
    }
    HWY_ALIGN float outputs[together];
    store_sums_of_lanes(sums[0], sums[1], sums[2], sums[3], outputs);
    for (std::size_t i = 0; i < std::min(together, count - m); ++i) {
      float sum = outputs[i];
      for (std::size_t j = whole_taps; j < tap_count; ++j) sum += taps[j] * in[i][j];
      out[m + i] = sum;
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage {

HWY_EXPORT(Decimate);

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
  assert(out.empty() || (out.size() - 1) * factor + taps.size() <= x.size());
  HWY_DYNAMIC_DISPATCH(Decimate)(taps.data(), taps.size(), factor, x.data(), out.data(), out.size());
}

}  // namespace gainstage
#endif
