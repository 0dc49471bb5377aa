// SPDX-License-Identifier: MIT
// The frequency bands that meters fill, staging reads and reports draw.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace gainstage {

/// Nominal centres of the 1/3-octave bands of IEC 61260, 20 Hz to 20 kHz.
inline constexpr std::array<double, 31> third_octave_centres_hz{
    20,  25,   31.5, 40,   50,   63,   80,   100,  125,  160,  200,  250,   315,   400,   500,  630,
    800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000};
using ThirdOctaves = std::array<double, third_octave_centres_hz.size()>;  ///< One value a band.

inline constexpr std::size_t erb_band_count = 38;    ///< 1.8 Cam and up, 1 Cam apart (R 3.1).
using ErbFrame = std::array<float, erb_band_count>;  ///< Mean power of each band in one 400 ms frame.

/// The frequency at a place of the ERB-number scale (ANSI S3.4-2007).
inline double cam_to_hz(double cam) { return (std::pow(10.0, cam / 21.366) - 1.0) / 0.004368; }

/// The middle of ERB band `band`; it reaches half a Cam to both sides.
inline double erb_centre_cam(std::size_t band) { return 1.8 + static_cast<double>(band); }

}  // namespace gainstage
