// SPDX-License-Identifier: MIT
// The fades of REAPER's items as curves.
#pragma once

#include <optional>

#include "session_format/reaper/reading.h"

namespace gainstage {

struct ItemFade {
  long shape = 0;
  double length_s = 0.0;
  double bend = 0.0;  ///< -1 .. 1, by hand; not played.

  bool is_bent() const { return length_s > 0.0 && bend != 0.0; }
};

/// FADEIN or FADEOUT: shape, length, length of the automatic crossfade (which wins), shape, ?, bend.
ItemFade read_fade(Reading& reading, const RppWords& words);

/// With the amplitude x of a linear fade: 0 x, 1 1-(1-x)^2, 2 x^2, 3 1-(1-x)^4, 4 x^4, 5 x^2(3-2x),
/// 6 x^3(10-15x+6x^2). REAPER publishes pictures of its shapes, no formulas.
double fade_amplitude(long shape, double x);

/// Absent: no fade. The times of both are the clip's own.
std::optional<Clip::Fade> fade_in_curve(const ItemFade& fade);
std::optional<Clip::Fade> fade_out_curve(const ItemFade& fade, double clip_length_s);

}  // namespace gainstage
