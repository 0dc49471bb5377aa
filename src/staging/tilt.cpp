// SPDX-License-Identifier: MIT
#include "staging/tilt.h"

#include <cmath>
#include <complex>
#include <numbers>

namespace gainstage {
namespace {

using Complex = std::complex<double>;

/// Power response of an analogue second-order high-pass.
double high_pass(double frequency_hz, double corner_hz, double q) {
  const Complex s{0.0, frequency_hz / corner_hz};
  return std::norm(s * s / (s * s + s / q + 1.0));
}

/// Power response of an analogue second-order high shelf with Q 1/sqrt(2).
double high_shelf(double frequency_hz, double middle_hz, Db gain) {
  const Complex s{0.0, frequency_hz / middle_hz};
  const double a = std::pow(10.0, gain.value / 40.0);
  const Complex b = std::sqrt(a) * std::numbers::sqrt2 * s;
  return std::norm(a * (a * s * s + b + 1.0) / (s * s + b + a));
}

double k_weighting(double f) { return high_pass(f, 38.1, 0.5) * high_shelf(f, 1500.0, Db{4.0}); }
double track_weighting(double f) { return high_pass(f, 130.0, 0.5) * high_shelf(f, 1500.0, Db{5.0}); }

}  // namespace

Db tilt(const ThirdOctaves& spectrum) {
  double among_tracks = 0.0;
  double alone = 0.0;
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    among_tracks += spectrum[i] * track_weighting(third_octave_centres_hz[i]);
    alone += spectrum[i] * k_weighting(third_octave_centres_hz[i]);
  }
  return alone > 0.0 && among_tracks > 0.0 ? power_to_db(among_tracks / alone) : Db{};
}

}  // namespace gainstage
