// SPDX-License-Identifier: MIT
#include "dsp/k_weighting.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace gainstage {
namespace {

// Analogue prototypes whose bilinear transforms reproduce the tables of BS.1770-5 at 48 kHz to 1e-12.
constexpr double shelf_hz = 1681.974450955533;
constexpr double shelf_gain_db = 3.999843853973347;
constexpr double shelf_q = 0.7071752369554196;
constexpr double shelf_band_exponent = 0.4996667741545416;
constexpr double high_pass_hz = 38.13547087602444;
constexpr double high_pass_q = 0.5003270373238773;
constexpr double high_pass_gain = 1.004994898715;

BiquadCoefficients shelf(double sample_rate_hz) {
  const double k = std::tan(std::numbers::pi * shelf_hz / sample_rate_hz);
  const double vh = std::pow(10.0, shelf_gain_db / 20.0);
  const double vb = std::pow(vh, shelf_band_exponent);
  const double a0 = 1.0 + k / shelf_q + k * k;
  return {(vh + vb * k / shelf_q + k * k) / a0, 2.0 * (k * k - vh) / a0, (vh - vb * k / shelf_q + k * k) / a0,
          2.0 * (k * k - 1.0) / a0, (1.0 - k / shelf_q + k * k) / a0};
}

BiquadCoefficients high_pass(double sample_rate_hz) {
  const double k = std::tan(std::numbers::pi * high_pass_hz / sample_rate_hz);
  const double a0 = 1.0 + k / high_pass_q + k * k;
  const double gain = high_pass_gain / a0;
  return {gain, -2.0 * gain, gain, 2.0 * (k * k - 1.0) / a0, (1.0 - k / high_pass_q + k * k) / a0};
}

/// One sample through both sections, direct form I. The newest output enters last, so that the recursion
/// waits for one product and one difference only.
inline double step(const KWeightingCoefficients& f, KWeightingState& s, double x) {
  const BiquadCoefficients& a = f.shelf;
  const BiquadCoefficients& b = f.high_pass;
  const double y = (a.b0 * x + a.b1 * s.x1 + a.b2 * s.x2 - a.a2 * s.y2) - a.a1 * s.y1;
  const double z = (b.b0 * y + b.b1 * s.y1 + b.b2 * s.y2 - b.a2 * s.z2) - b.a1 * s.z1;
  s = {x, s.x1, y, s.y1, z, s.z1};
  return z;
}

template <typename Sample>
void filter_into(const KWeightingCoefficients& filter, KWeightingState& state, std::span<const float> in,
                 std::span<Sample> out) {
  assert(in.size() == out.size());
  KWeightingState s = state;
  for (std::size_t i = 0; i < in.size(); ++i) out[i] = static_cast<Sample>(step(filter, s, in[i]));
  state = s;
}

template <std::size_t count>
void squares(const KWeightingCoefficients& filter, const KWeightingLane* lanes, std::size_t frames) {
  const KWeightingCoefficients f = filter;
  KWeightingState s[count];
  double sum[count];
  for (std::size_t l = 0; l < count; ++l) {
    s[l] = *lanes[l].state;
    sum[l] = *lanes[l].sum;
  }
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::size_t l = 0; l < count; ++l) {
      const double z = step(f, s[l], lanes[l].in[i]);
      sum[l] += z * z;
    }
  }
  for (std::size_t l = 0; l < count; ++l) {
    *lanes[l].state = s[l];
    *lanes[l].sum = sum[l];
  }
}

}  // namespace

KWeightingCoefficients k_weighting(double sample_rate_hz) {
  return {shelf(sample_rate_hz), high_pass(sample_rate_hz)};
}

void KWeightingState::flush() {
  constexpr double threshold = 1e-30;
  for (double value : {x1, x2, y1, y2, z1, z2}) {
    if (std::abs(value) > threshold) return;
  }
  *this = {};
}

void k_weight(const KWeightingCoefficients& filter, KWeightingState& state, std::span<const float> in,
              std::span<double> out) noexcept {
  filter_into(filter, state, in, out);
}

void k_weight(const KWeightingCoefficients& filter, KWeightingState& state, std::span<const float> in,
              std::span<float> out) noexcept {
  filter_into(filter, state, in, out);
}

void k_weighted_squares(const KWeightingCoefficients& filter, std::span<const KWeightingLane> lanes,
                        std::size_t frames) noexcept {
  std::size_t first = 0;
  for (; first + 2 <= lanes.size(); first += 2) squares<2>(filter, lanes.data() + first, frames);
  if (first < lanes.size()) squares<1>(filter, lanes.data() + first, frames);
}

}  // namespace gainstage
