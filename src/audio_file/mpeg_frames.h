// SPDX-License-Identifier: MIT
// How many frames of MPEG audio (MP1, MP2, MP3) a file really holds. Decoders guess it from the first bit
// rate where the file has no index, and give out no more than they guessed.
#pragma once

#include <cstdint>
#include <optional>

#include "audio_file/promised_data.h"
#include "base/units.h"

namespace gainstage {

struct MpegFrames {
  Frames present = 0;              ///< Samples a channel, as the frames' headers say.
  std::optional<Frames> promised;  ///< What the index (Xing, Info or VBRI) says; absent without one.
};

/// Nothing when no run of frames is found, or its frames have no stated length (free format).
std::optional<MpegFrames> count_mpeg_frames(const ReadAt& read_at);

}  // namespace gainstage
