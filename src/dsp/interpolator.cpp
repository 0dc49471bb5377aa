// SPDX-License-Identifier: MIT
#include "dsp/interpolator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

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

Interpolator cascade(const Interpolator& first, const Interpolator& second) {
  if (second.factor == 1) return first;
  const auto f = static_cast<std::ptrdiff_t>(first.factor);
  const auto reach = static_cast<std::ptrdiff_t>(second.taps / 2);
  // Places of `first`, counted from the sample on, that `second` uses: from 1 - reach to f - 1 + reach.
  const std::ptrdiff_t frames_more = (reach + f - 1) / f;
  Interpolator result{
      first.factor * second.factor, first.taps + 2 * static_cast<std::size_t>(frames_more), {}};
  for (std::ptrdiff_t place = 1; place < f * static_cast<std::ptrdiff_t>(second.factor); ++place) {
    std::vector<double> taps(result.taps, 0.0);
    const auto add = [&](std::ptrdiff_t of_first, double gain) {
      // Floor division: a place before the sample belongs to an earlier frame.
      const std::ptrdiff_t frame = (of_first + f * frames_more) / f - frames_more;
      const std::ptrdiff_t phase = of_first - frame * f;
      const auto start = static_cast<std::size_t>(frames_more + frame);
      if (phase == 0) {
        taps[start + first.taps / 2 - 1] += gain;
        return;
      }
      const std::span<const float> source = first.phase(static_cast<std::size_t>(phase));
      for (std::size_t j = 0; j < source.size(); ++j)
        taps[start + j] += gain * static_cast<double>(source[j]);
    };
    const std::ptrdiff_t of_first = place / static_cast<std::ptrdiff_t>(second.factor);
    const auto of_second = static_cast<std::size_t>(place) % second.factor;
    if (of_second == 0) {
      add(of_first, 1.0);
    } else {
      const std::span<const float> weights = second.phase(of_second);
      for (std::size_t k = 0; k < weights.size(); ++k) {
        add(of_first + 1 - reach + static_cast<std::ptrdiff_t>(k), static_cast<double>(weights[k]));
      }
    }
    for (double tap : taps) result.coefficients.push_back(static_cast<float>(tap));
  }
  return result;
}

double l1_norm(std::span<const float> taps) noexcept {
  double sum = 0.0;
  for (float tap : taps) sum += std::abs(static_cast<double>(tap));
  return sum;
}

void correlate(std::span<const float> taps, const float* x, std::span<float> out) noexcept {
  std::size_t n = 0;
  for (; n + 32 <= out.size(); n += 32) correlate_cell<32>(taps, x + n, out.data() + n);
  for (; n + 16 <= out.size(); n += 16) correlate_cell<16>(taps, x + n, out.data() + n);
  for (; n + 4 <= out.size(); n += 4) correlate_cell<4>(taps, x + n, out.data() + n);
  for (; n < out.size(); ++n) correlate_cell<1>(taps, x + n, out.data() + n);
}

}  // namespace gainstage
