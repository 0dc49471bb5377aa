// SPDX-License-Identifier: MIT
// Periodic waves without aliases to speak of, and without the maths library's sine.
#pragma once

#include <cmath>

namespace gainstage::demo {

/// sin(2 pi turns) for turns in [-1, 2): Taylor's polynomial of degree 11 on a quarter turn, error under
/// 6e-8.
inline double sine(double turns) {
  double x = turns;
  if (x >= 1.0) x -= 1.0;
  if (x < 0.0) x += 1.0;
  x -= 0.5;  // sin(2 pi (x + 1/2)) = -sin(2 pi x)
  if (x > 0.25) x = 0.5 - x;
  if (x < -0.25) x = -0.5 - x;
  const double y = 2.0 * 3.14159265358979324 * x;
  const double z = y * y;
  return -y * (1.0 - z / 6.0 * (1.0 - z / 20.0 * (1.0 - z / 42.0 * (1.0 - z / 72.0 * (1.0 - z / 110.0)))));
}

/// A phase in turns, 0 up to 1.
struct Phase {
  double turns = 0.0;

  void advance(double step) {
    turns += step;
    if (turns >= 1.0) turns -= std::floor(turns);
  }
};

/// What to add to a wave that jumps by -2 where its phase wraps, so that the jump is band-limited: polynomial
/// band-limited step of second order. `step` is the phase's advance in a sample.
inline double band_limited_step(double turns, double step) {
  if (turns < step) {
    const double t = turns / step;
    return t + t - t * t - 1.0;
  }
  if (turns > 1.0 - step) {
    const double t = (turns - 1.0) / step;
    return t * t + t + t + 1.0;
  }
  return 0.0;
}

/// Rising saw tooth of +-1.
inline double saw(double turns, double step) { return 2.0 * turns - 1.0 - band_limited_step(turns, step); }

inline double square(double turns, double step) {
  const double half = turns < 0.5 ? turns + 0.5 : turns - 0.5;
  return 0.5 * (saw(turns, step) - saw(half, step)) * 2.0;
}

/// Frequency of a pitch in semitones, 69 = A4 = 440 Hz.
inline double to_hz(double pitch) { return 440.0 * std::exp2((pitch - 69.0) / 12.0); }

/// Soft clipping: rational approximation of tanh, exactly +-1 from +-3 on.
inline double soft_clip(double x) {
  if (x >= 3.0) return 1.0;
  if (x <= -3.0) return -1.0;
  return x * (27.0 + x * x) / (27.0 + 9.0 * x * x);
}

/// Factor a sample of a decay by e in `seconds`.
inline double decay_factor(double seconds, double rate_hz) { return std::exp(-1.0 / (seconds * rate_hz)); }

}  // namespace gainstage::demo
