// SPDX-License-Identifier: MIT
// The recording: who plays is heard by microphones, placed, and given room. Still at no particular level.
#pragma once

#include <cstddef>

#include "demo/drums.h"
#include "demo/signal.h"

namespace gainstage::demo {

enum class Source {
  kick,
  snare_top,
  snare_bottom,
  hats,
  overheads,
  bass,
  guitar_57,
  guitar_87,
  picked_guitar,
  keys,
  pad,
  lead_voice,
  backing_voices,
  riser,
};

/// The band has played its part; the drums and the rhythm guitar are heard by several microphones.
class Studio {
 public:
  Studio();
  /// One source as recorded, song_seconds long, in stereo.
  Stereo record(Source source, double rate_hz) const;

 private:
  Kit kit_;  // At kit_rate_hz.
  Signal guitar_cabinet_;
};

/// Rate of everything but what record() is asked otherwise for; sources with microphones in common know no
/// other.
inline constexpr double studio_rate_hz = 48000.0;

}  // namespace gainstage::demo
