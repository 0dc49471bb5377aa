// SPDX-License-Identifier: MIT
// What is peculiar to Ardour's sessions: versions, what its controls can hold, what it takes for what is not
// there. Found by running Ardour 7.3 and by its documentation. For ardour only.
#pragma once

#include <cstddef>

namespace gainstage::ardour {

/// Session/@version: 3000 to 3002 are Ardour 3 to 5, 6000 is 6, 7000 to 7003 are 7 to 9.
inline constexpr int oldest_version = 3000;
inline constexpr int newest_known_version = 7003;
/// From here on the usual stereo panner is a balance; before, equal power.
inline constexpr int balance_version = 6000;

/// What a control can hold, and what it plays where its automation is on but has no points.
struct Limits {
  double least = 0.0;
  double greatest = 0.0;
  double normal = 1.0;
};

/// Faders, sends and VCAs: +6 dB, the interface's and the automation's end.
inline constexpr Limits fader_limits{0.0, 2.0, 1.0};
/// Trims: 20 dB either way.
inline constexpr Limits trim_limits{0.1, 10.0, 1.0};
/// A region's gain: the region editor's 40 dB. It may be zero or negative in the file.
inline constexpr Limits region_limits{0.0, 100.0, 1.0};
inline constexpr Limits envelope_limits{0.0, 2.0, 1.0};
inline constexpr Limits azimuth_limits{0.0, 1.0, 0.5};
inline constexpr Limits width_limits{-1.0, 1.0, 0.0};
inline constexpr Limits mute_limits{0.0, 1.0, 0.0};

/// Gains and mutes reach the sound through a low-pass of one pole at about 25 Hz, whose coefficient is
/// 156.825 over the sample rate; a straight ramp comes out of it that much later. (Faders
/// and trims of tracks are late by the interface's output latency besides, which no session holds.) Pans,
/// envelopes and fades are not smoothed.
inline constexpr double gain_lag_s = 1.0 / 156.825;

/// A fade that the session does not write down: constant power over so many samples.
inline constexpr double default_fade_samples = 64.0;
inline constexpr int default_fade_steps = 32;

inline constexpr const char* equal_power_panner = "http://ardour.org/plugin/panner_2in2out";
inline constexpr const char* balance_panner = "http://ardour.org/plugin/panner_balance";

// More than any session has; they bound memory where a few bytes could ask for much.
inline constexpr std::size_t most_strips = 10'000;
inline constexpr std::size_t most_clips = 250'000;
inline constexpr std::size_t most_points = 4'000'000;

}  // namespace gainstage::ardour
