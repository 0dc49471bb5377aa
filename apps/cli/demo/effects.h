// SPDX-License-Identifier: MIT
// Room and movement for the stems: reverb, chorus, echo, and a compressor.
#pragma once

#include <span>

#include "demo/signal.h"

namespace gainstage::demo {

struct Reverb {
  double seconds = 1.2;        ///< Time to fall by 60 dB.
  double size = 1.0;           ///< Of the room: scales the delays.
  double damping_hz = 6000.0;  ///< Highs over this die sooner.
  double predelay_s = 0.01;
  double highpass_hz = 180.0;  ///< The low end stays dry.
};

/// Adds `wet` of the reverb of `source` to `to`: eight delay lines fed back through a Hadamard matrix (Jot's
/// feedback delay network), each with its own loss.
void add_reverb(Stereo& to, std::span<const float> source, const Reverb& reverb, double wet, double rate_hz);
/// The same, fed by the middle of the signal itself.
void add_reverb(Stereo& to, const Reverb& reverb, double wet, double rate_hz);

/// Thickens with two copies a side whose delay swings slowly.
void chorus(Stereo& signal, double rate_of_swing_hz, double depth_ms, double mix, double rate_hz);

/// Repeats that go from side to side.
void add_echo(Stereo& to, double delay_s, double feedback, double wet, double rate_hz);

struct Compressor {
  double threshold_db = -20.0;
  double ratio = 3.0;
  double attack_s = 0.008;
  double release_s = 0.12;
};
/// Feed-forward, peak detecting; no make-up gain.
void compress(std::span<float> signal, const Compressor& compressor, double rate_hz);

}  // namespace gainstage::demo
