// SPDX-License-Identifier: MIT
#include "dsp/decimator.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

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

namespace {

/// The shortest taps with a stop band of equal ripples are those of the window of Dolph and Chebyshev, whose
/// response is T(edge_cosh cos(w / 2)), T being Chebyshev's polynomial of the degree taps - 1. Four taps for
/// each sample that becomes one leave ripples of 80 dB.
struct EqualRipples {
  double degree;
  double edge_cosh;  ///< T leaves -1..1 where its argument is over 1: below four fifths of the lower rate.
  double greatest;   ///< At 0.

  explicit EqualRipples(std::size_t factor)
      : degree(static_cast<double>(4 * factor - 1)),
        edge_cosh(1.0 / std::cos(0.8 * std::numbers::pi / static_cast<double>(factor))),
        greatest(chebyshev(edge_cosh)) {}

  double chebyshev(double x) const {
    return x >= 1.0 ? std::cosh(degree * std::acosh(x)) : std::cos(degree * std::acos(x));
  }
  /// At half an angle in radians a sample, 0 to pi / 2.
  double response(double half_angle) const { return chebyshev(edge_cosh * std::cos(half_angle)) / greatest; }
};

}  // namespace

std::vector<float> decimation_taps(std::size_t factor) {
  if (factor == 1) return {1.0f};
  const EqualRipples ripples(factor);
  const std::size_t count = 4 * factor;
  std::vector<double> responses;  // At as many angles as there are taps; those over pi mirror the others.
  for (std::size_t k = 0; k < count / 2; ++k) {
    responses.push_back(
        ripples.response(std::numbers::pi * static_cast<double>(k) / static_cast<double>(count)));
  }
  // The inverse transform, about the middle between the two middle taps: there is nothing at pi.
  std::vector<double> half;
  double sum = 0.0;
  for (std::size_t n = 0; n < count / 2; ++n) {
    const double turn = std::numbers::pi * static_cast<double>(2 * n + 1) / static_cast<double>(count);
    double tap = 0.5 * responses[0];
    for (std::size_t k = 1; k < responses.size(); ++k)
      tap += responses[k] * std::cos(turn * static_cast<double>(k));
    half.push_back(tap);
    sum += 2.0 * tap;
  }
  std::vector<float> taps(count);
  for (std::size_t n = 0; n < half.size(); ++n) {
    taps[count / 2 - 1 - n] = taps[count / 2 + n] = static_cast<float>(half[n] / sum);
  }
  return taps;
}

double decimation_power(std::size_t factor, double of_lower_rate) {
  if (factor == 1) return 1.0;
  const double response =
      EqualRipples(factor).response(std::numbers::pi * of_lower_rate / static_cast<double>(factor));
  return response * response;
}

void decimate(std::span<const float> taps, std::size_t factor, std::span<const float> x,
              std::span<float> out) noexcept {
  assert(out.empty() || (out.size() - 1) * factor + taps.size() <= x.size());
  HWY_DYNAMIC_DISPATCH(Decimate)(taps.data(), taps.size(), factor, x.data(), out.data(), out.size());
}

}  // namespace gainstage
#endif
