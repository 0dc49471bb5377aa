// SPDX-License-Identifier: MIT
// The kit: single hits, and the kit as played, drum by drum and dry.
#pragma once

#include <span>

#include "demo/score.h"
#include "demo/signal.h"

namespace gainstage::demo {

/// What each drum gives off, before any microphone.
struct Kit {
  Signal kick, snare, hats, toms, crash;
};

Kit play_kit(std::span<const Hit> hits, std::size_t frames, double rate_hz);

}  // namespace gainstage::demo
