// SPDX-License-Identifier: MIT
// Electric piano, pad and riser.
#pragma once

#include <span>

#include "demo/score.h"
#include "demo/signal.h"

namespace gainstage::demo {

/// Tines and bars by frequency modulation (Chowning 1973), with the amplifier's slow tremolo from side to
/// side.
Stereo play_keys(std::span<const Note> part, std::size_t frames, double rate_hz);
/// Detuned saws behind a filter that opens slowly.
Stereo play_pad(std::span<const Note> part, std::size_t frames, double rate_hz);
/// A noise that climbs until its bar arrives, and the boom it arrives with.
Stereo play_riser(std::span<const Rise> part, std::size_t frames, double rate_hz);

}  // namespace gainstage::demo
