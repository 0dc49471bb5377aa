// SPDX-License-Identifier: MIT
// Plucked strings: bass and guitars.
#pragma once

#include <span>

#include "demo/random.h"
#include "demo/score.h"
#include "demo/signal.h"

namespace gainstage::demo {

/// How a string is plucked and what it is made of.
struct Pluck {
  double pitch = 60.0;
  double seconds = 1.0;  ///< Until it is stopped by hand.
  double velocity = 0.8;
  double ring_s = 4.0;           ///< Time to fall by 60 dB if it were left alone.
  double brightness = 0.5;       ///< 0 dull to 1: how little the highs lose a round trip.
  double pick_hz = 6000.0;       ///< Softness of the plectrum or finger.
  double pluck_position = 0.13;  ///< From the bridge, share of the string.
  double pickup_position = 0.09;
};

/// A string as a delay line with losses (Karplus and Strong 1983, tuned as Jaffe and Smith 1983), plucked as
/// a triangle, heard by a pickup.
Signal pluck(const Pluck& how, double rate_hz, Random& random);

Signal play_bass(std::span<const Note> part, std::size_t frames, double rate_hz);
/// The rhythm guitar as its amplifier's loudspeaker gives it off, before any microphone.
Signal play_rhythm_guitar(std::span<const Strum> part, std::size_t frames, double rate_hz);
Signal play_picked_guitar(std::span<const Note> part, std::size_t frames, double rate_hz);

}  // namespace gainstage::demo
