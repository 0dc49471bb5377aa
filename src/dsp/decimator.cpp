// SPDX-License-Identifier: MIT
#include "dsp/decimator.h"

#include <cassert>
#include <cmath>
#include <numbers>

#include "dsp/window.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/decimator.cpp"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void Decimate(const float* taps, std::size_t tap_count, std::size_t factor, const float* x, float* out,
              std::size_t count) {
  const hn::ScalableTag<float> d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t m = 0; m < count; ++m) {
    const float* const in = x + m * factor;
    auto even = hn::Zero(d), odd = hn::Zero(d);
    std::size_t j = 0;
    for (; j + 2 * lanes <= tap_count; j += 2 * lanes) {
      even = hn::MulAdd(hn::LoadU(d, taps + j), hn::LoadU(d, in + j), even);
      odd = hn::MulAdd(hn::LoadU(d, taps + j + lanes), hn::LoadU(d, in + j + lanes), odd);
    }
    float sum = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
    for (; j < tap_count; ++j) sum += taps[j] * in[j];
    out[m] = sum;
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
