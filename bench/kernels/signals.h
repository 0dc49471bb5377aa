// SPDX-License-Identifier: MIT
// Stereo signals of the kernels' benchmarks, always the same ones.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>

#include "base/audio_view.h"

namespace gainstage::bench {

/// In the order of difficulty for a meter that skips what can't matter. music: tones under a beat, loud:
/// the same, clipped at 0.9 of full scale, then sines, noise and an offset.
enum class Kind { music, loud, sine, sine_12k, white, offset };

inline constexpr double rate_hz = 48000.0;

inline AudioBuffer stereo(Kind kind, std::size_t frames) {
  AudioBuffer buffer(2, frames);
  std::mt19937 random(5);
  std::uniform_real_distribution<double> noise(-1.0, 1.0);
  const auto sine = [](double hz, double t, double turns = 0.0) {
    return std::sin(2.0 * std::numbers::pi * (hz * t + turns));
  };
  double low = 0.0;
  for (std::size_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    for (std::size_t c = 0; c < 2; ++c) {
      const double side = c == 0 ? 1.0 : 0.8;
      const double hiss = noise(random);
      double x = 0.0;
      if (kind == Kind::music || kind == Kind::loud) {
        low += 0.02 * (hiss - low);
        const double beat = std::exp(-8.0 * std::fmod(t, 0.5));
        x = 0.12 * sine(110.0, t) + 0.08 * sine(440.0 * side, t) + 0.05 * sine(1760.0, t) + 0.8 * low +
            beat * (0.45 * sine(55.0, t) + 0.15 * hiss);
        if (kind == Kind::loud) x = std::clamp(4.0 * x, -0.9, 0.9);
      } else if (kind == Kind::sine) {
        x = sine(997.0, t);
      } else if (kind == Kind::sine_12k) {
        x = sine(12000.0, t, 0.125);
      } else if (kind == Kind::white) {
        x = hiss;
      } else {
        x = 0.5 + 1.8e-4 * hiss;
      }
      buffer.view().channel(c)[i] = static_cast<float>(x);
    }
  }
  return buffer;
}

inline const char* name(std::int64_t kind) {
  constexpr const char* names[] = {"music", "loud", "sine", "sine_12k", "white", "offset"};
  return names[kind];
}

}  // namespace gainstage::bench
