// SPDX-License-Identifier: MIT
#include "dsp/k_weighting.h"

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

}  // namespace

KWeightingCoefficients k_weighting(double sample_rate_hz) {
  return {shelf(sample_rate_hz), high_pass(sample_rate_hz)};
}

}  // namespace gainstage
