// SPDX-License-Identifier: MIT
#include "demo/filters.h"

#include <cmath>
#include <numbers>

namespace gainstage::demo {

namespace {

struct Warped {
  double cosine, alpha;
};

Warped warp(double frequency_hz, double q, double rate_hz) {
  const double w = 2.0 * std::numbers::pi * frequency_hz / rate_hz;
  return {std::cos(w), std::sin(w) / (2.0 * q)};
}

}  // namespace

OnePole::OnePole(double cutoff_hz, double rate_hz)
    : factor_(1.0 - std::exp(-2.0 * std::numbers::pi * cutoff_hz / rate_hz)) {}

Biquad::Biquad(double b0, double b1, double b2, double a0, double a1, double a2)
    : b0_(b0 / a0), b1_(b1 / a0), b2_(b2 / a0), a1_(a1 / a0), a2_(a2 / a0) {}

Biquad Biquad::lowpass(double cutoff_hz, double q, double rate_hz) {
  const auto [c, alpha] = warp(cutoff_hz, q, rate_hz);
  return {0.5 * (1.0 - c), 1.0 - c, 0.5 * (1.0 - c), 1.0 + alpha, -2.0 * c, 1.0 - alpha};
}

Biquad Biquad::highpass(double cutoff_hz, double q, double rate_hz) {
  const auto [c, alpha] = warp(cutoff_hz, q, rate_hz);
  return {0.5 * (1.0 + c), -1.0 - c, 0.5 * (1.0 + c), 1.0 + alpha, -2.0 * c, 1.0 - alpha};
}

Biquad Biquad::bandpass(double centre_hz, double q, double rate_hz) {
  const auto [c, alpha] = warp(centre_hz, q, rate_hz);
  return {alpha, 0.0, -alpha, 1.0 + alpha, -2.0 * c, 1.0 - alpha};
}

Biquad Biquad::peak(double centre_hz, double q, double gain_db, double rate_hz) {
  const auto [c, alpha] = warp(centre_hz, q, rate_hz);
  const double a = std::pow(10.0, gain_db / 40.0);
  return {1.0 + alpha * a, -2.0 * c, 1.0 - alpha * a, 1.0 + alpha / a, -2.0 * c, 1.0 - alpha / a};
}

Biquad Biquad::high_shelf(double corner_hz, double gain_db, double rate_hz) {
  const auto [c, alpha] = warp(corner_hz, std::numbers::sqrt2 / 2.0, rate_hz);
  const double a = std::pow(10.0, gain_db / 40.0);
  const double root = 2.0 * std::sqrt(a) * alpha;
  return {a * ((a + 1.0) + (a - 1.0) * c + root), -2.0 * a * ((a - 1.0) + (a + 1.0) * c),
          a * ((a + 1.0) + (a - 1.0) * c - root), (a + 1.0) - (a - 1.0) * c + root,
          2.0 * ((a - 1.0) - (a + 1.0) * c),      (a + 1.0) - (a - 1.0) * c - root};
}

void filter(std::span<float> signal, Biquad biquad) {
  for (float& x : signal) x = static_cast<float>(biquad.process(x));
}

void StateVariable::tune(double cutoff_hz, double q, double rate_hz) {
  const double g = std::tan(std::numbers::pi * cutoff_hz / rate_hz);
  k_ = 1.0 / q;
  a1_ = 1.0 / (1.0 + g * (g + k_));
  a2_ = g * a1_;
  a3_ = g * a2_;
}

}  // namespace gainstage::demo
