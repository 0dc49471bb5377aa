// SPDX-License-Identifier: MIT
// Stereo signals made by code, for timing: the same seed gives the same samples on every machine.
#pragma once

#include <array>
#include <complex>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/audio_view.h"

namespace gainstage::bench {

/// music: pads, drums and a bed of noise, with quiet and loud parts. loud: the same, driven into clipping.
/// The others are what makes a meter slow: steady signals whose every sample may hold the maximum, and those
/// that cost a filter its precision.
enum class Signal { music, loud, sine, high_sine, white, dc_and_noise, low_tone, quiet_noise };

inline constexpr std::array signals{Signal::music,     Signal::loud,       Signal::sine,
                                    Signal::high_sine, Signal::white,      Signal::dc_and_noise,
                                    Signal::low_tone,  Signal::quiet_noise};

std::string_view name(Signal signal);
std::optional<Signal> signal_of(std::string_view name);

/// A signal at 48 kHz, block after block.
class SignalSource {
 public:
  SignalSource(Signal signal, std::uint32_t seed);
  /// Fills two channels with what comes next.
  void next(AudioView<float> block);

 private:
  struct Voice {
    std::complex<double> phase;
    std::complex<double> step;
  };
  struct Frame {
    float left = 0.0f;
    float right = 0.0f;
  };

  float noise();  ///< White, -1..1.
  Frame music();
  Frame frame();

  Signal signal_;
  std::uint32_t random_;
  std::int64_t position_ = 0;
  std::array<Voice, 6> pad_{};
  Voice drum_{};
  Voice tone_{};
  double drum_level_ = 0.0;
  double hat_level_ = 0.0;
  double section_level_ = 0.0;
  float bed_left_ = 0.0f;
  float bed_right_ = 0.0f;
};

}  // namespace gainstage::bench
