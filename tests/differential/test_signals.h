// SPDX-License-Identifier: MIT
// Material for comparing meters: by formula, and the songs that lie beside the project where they are.
#pragma once

#include <string>
#include <vector>

#include "base/audio_view.h"

namespace gainstage::test {

struct Signal {
  std::string name;
  double rate_hz = 48000.0;
  AudioBuffer audio;
};

/// Gaussian noise whose level steps every half second over 50 dB, with pauses. Channels differ.
Signal stepped_noise(std::size_t channels, double seconds, double rate_hz = 48000.0);
/// Full-scale noise, clipped hard: as bright and as dense as it gets.
Signal clipped_noise(std::size_t channels, double seconds, double rate_hz = 48000.0);
/// Sine from 20 Hz to 22 kHz, right a quarter turn behind left.
Signal sweep(double seconds, double rate_hz = 48000.0);
/// Offset with faint noise on it.
Signal offset_noise(double seconds, double rate_hz = 48000.0);

/// Paths of the audio files under ../shared/data/stems; none where there is no such folder.
std::vector<std::string> song_files();
/// The first `seconds` of a file.
Signal read_song(const std::string& path, double seconds);

}  // namespace gainstage::test
