// SPDX-License-Identifier: MIT
// Test signals of the EBU and the ITU: one tone, its level changing in steps.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"

namespace gainstage::test {

/// The rates a meter must conform at: the usual ones and a prime.
inline constexpr std::array<double, 7> conformance_rates_hz{44100,  48000,  88200, 96000,
                                                            176400, 192000, 48017};

inline std::string rate_name(double rate_hz) { return std::to_string(static_cast<int>(rate_hz)) + "Hz"; }

struct Step {
  double seconds = 0.0;
  double peak_dbfs = -std::numeric_limits<double>::infinity();
};

/// Feeds a sine with the steps' levels to `process(view)` in blocks of 10 ms. `gains` has one entry a
/// channel.
template <typename Process>
void play(std::span<const Step> steps, double rate_hz, double tone_hz, std::span<const double> gains,
          Process process) {
  const std::size_t block = static_cast<std::size_t>(rate_hz / 100.0);
  AudioBuffer buffer(gains.size(), block);
  std::size_t filled = 0;
  const auto flush = [&] {
    process(static_cast<const AudioBuffer&>(buffer).view(filled));
    filled = 0;
  };
  // The sine by rotation, set right again at every block.
  const double turn = 2.0 * std::numbers::pi * tone_hz / rate_hz;
  const double turn_cosine = std::cos(turn);
  const double turn_sine = std::sin(turn);
  double cosine = 1.0;
  double sine = 0.0;
  Frames position = 0;
  double end_s = 0.0;
  for (const Step& step : steps) {
    end_s += step.seconds;
    const Frames end = std::llround(end_s * rate_hz);
    const double peak = to_ratio({step.peak_dbfs});
    for (; position < end; ++position) {
      if (filled == 0) {
        cosine = std::cos(turn * static_cast<double>(position));
        sine = std::sin(turn * static_cast<double>(position));
      }
      for (std::size_t c = 0; c < gains.size(); ++c) {
        buffer.view().channels[c][filled] = static_cast<float>(gains[c] * peak * sine);
      }
      const double next = cosine * turn_cosine - sine * turn_sine;
      sine = sine * turn_cosine + cosine * turn_sine;
      cosine = next;
      if (++filled == block) flush();
    }
  }
  if (filled > 0) flush();
}

inline constexpr std::array<double, 2> stereo{1.0, 1.0};

template <typename M>
void play_stereo(M& meter, std::span<const Step> steps, double rate_hz, double tone_hz = 1000.0) {
  play(steps, rate_hz, tone_hz, stereo, [&](AudioView<const float> block) { meter.process(block); });
}

}  // namespace gainstage::test
