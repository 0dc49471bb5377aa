// SPDX-License-Identifier: MIT
#include "dsp/interpolator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

#include "dsp/window.h"

namespace gainstage {
namespace {

double sinc(double t) {
  if (t == 0.0) return 1.0;
  return std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
}

template <typename Window>
Interpolator windowed_sinc(std::size_t factor, std::size_t half_width_frames, Window window) {
  assert(factor >= 1 && half_width_frames >= 1);
  Interpolator result{factor, 2 * half_width_frames, {}};
  const double half_width = static_cast<double>(half_width_frames);
  for (std::size_t p = 1; p < factor; ++p) {
    for (std::size_t j = 0; j < result.taps; ++j) {
      const double t =
          static_cast<double>(j) - (half_width - 1.0) - static_cast<double>(p) / static_cast<double>(factor);
      result.coefficients.push_back(static_cast<float>(sinc(t) * window(t / half_width)));
    }
  }
  return result;
}

template <std::size_t count>
inline void correlate_cell(std::span<const float> taps, const float* x, float* out) {
  float sums[count] = {};
  for (std::size_t j = 0; j < taps.size(); ++j) {
    const float tap = taps[j];
    for (std::size_t n = 0; n < count; ++n) sums[n] += tap * x[n + j];
  }
  std::copy_n(sums, count, out);
}

}  // namespace

Interpolator kaiser_interpolator(std::size_t factor, std::size_t half_width_frames, double beta) {
  return windowed_sinc(factor, half_width_frames, [=](double t) { return kaiser_window(t, beta); });
}

Interpolator hann_interpolator(std::size_t factor, std::size_t half_width_frames) {
  return windowed_sinc(factor, half_width_frames, [](double t) { return hann_window(t); });
}

double l1_norm(std::span<const float> taps) noexcept {
  double sum = 0.0;
  for (float tap : taps) sum += std::abs(static_cast<double>(tap));
  return sum;
}

void correlate(std::span<const float> taps, const float* x, std::span<float> out) noexcept {
  std::size_t n = 0;
  for (; n + 16 <= out.size(); n += 16) correlate_cell<16>(taps, x + n, out.data() + n);
  for (; n < out.size(); ++n) correlate_cell<1>(taps, x + n, out.data() + n);
}

}  // namespace gainstage
