// SPDX-License-Identifier: MIT
// For tests: the K-weighting as the standard has it, and signals that are hard on it.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include "dsp/k_weighting.h"

namespace gainstage {

/// The twin: a section in direct form I.
struct Section {
  BiquadCoefficients k;
  double x1 = 0.0, x2 = 0.0, y1 = 0.0, y2 = 0.0;

  double next(double x) {
    const double y = k.b0 * x + k.b1 * x1 + k.b2 * x2 - k.a1 * y1 - k.a2 * y2;
    x2 = x1;
    x1 = x;
    y2 = y1;
    y1 = y;
    return y;
  }
};

inline std::vector<double> twin(double rate_hz, const std::vector<float>& x) {
  const KWeightingCoefficients k = k_weighting(rate_hz);
  Section shelf{k.shelf}, high_pass{k.high_pass};
  std::vector<double> z;
  for (float sample : x) z.push_back(high_pass.next(shelf.next(static_cast<double>(sample))));
  return z;
}

inline double squares(std::span<const double> z) {
  double sum = 0.0;
  for (double value : z) sum += value * value;
  return sum;
}

inline double difference_lu(double energy, double expected) {
  return expected == 0.0 && energy == 0.0 ? 0.0 : std::abs(10.0 * std::log10(energy / expected));
}

/// Signals that are hard on single precision.
enum class Material { noise, quiet_noise, offset_and_quiet_noise, sine_997, sine_40, low_and_noise, steps };
constexpr Material materials[] = {Material::noise,    Material::quiet_noise, Material::offset_and_quiet_noise,
                                  Material::sine_997, Material::sine_40,     Material::low_and_noise,
                                  Material::steps};

inline std::vector<float> signal(Material material, double rate_hz, std::size_t frames, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> gauss;
  std::vector<float> x(frames);
  for (std::size_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    const auto sine = [&](double hz) { return std::sin(2.0 * std::numbers::pi * hz * t); };
    const auto value = [&] {
      switch (material) {
        case Material::noise:
          return 0.2 * gauss(random);
        case Material::quiet_noise:  // -66 dBFS
          return 5e-4 * gauss(random);
        case Material::offset_and_quiet_noise:  // -75 dBFS
          return 0.5 + 1.8e-4 * gauss(random);
        case Material::sine_997:
          return sine(997.0);
        case Material::sine_40:
          return sine(40.0);
        case Material::low_and_noise:  // 10 Hz, and -50 dBFS
          return 0.9 * sine(10.0) + 3.2e-3 * gauss(random);
        case Material::steps:
          return std::fmod(t, 0.37) < 0.2 ? 0.8 : -0.3;
      }
      return 0.0;
    };
    x[i] = static_cast<float>(value());
  }
  return x;
}

}  // namespace gainstage
