// SPDX-License-Identifier: MIT
#include "dsp/window.h"

#include <cmath>
#include <numbers>

namespace gainstage {
namespace {

/// Modified Bessel function of the first kind, order 0, by its power series.
double bessel_i0(double x) {
  const double quarter_square = x * x / 4.0;
  double term = 1.0;
  double sum = 1.0;
  for (int k = 1; term > 1e-18 * sum; ++k) {
    term *= quarter_square / (static_cast<double>(k) * k);
    sum += term;
  }
  return sum;
}

}  // namespace

double kaiser_window(double position, double beta) {
  if (std::abs(position) >= 1.0) return 0.0;
  return bessel_i0(beta * std::sqrt(1.0 - position * position)) / bessel_i0(beta);
}

double hann_window(double position) {
  if (std::abs(position) >= 1.0) return 0.0;
  return 0.5 * (1.0 + std::cos(std::numbers::pi * position));
}

std::vector<float> sine_window(std::size_t length) {
  std::vector<float> window(length);
  for (std::size_t i = 0; i < length; ++i) {
    window[i] = static_cast<float>(
        std::sin(std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(length)));
  }
  return window;
}

}  // namespace gainstage
