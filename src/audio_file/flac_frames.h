// SPDX-License-Identifier: MIT
// Whether a FLAC stream goes on after the length its header states. Decoders stop there and drop the rest.
#pragma once

#include <cstdint>

#include "audio_file/promised_data.h"
#include "base/units.h"

namespace gainstage {

/// Looks, from the byte `offset` on, for the header of a frame whose samples lie at or after `length`.
bool has_flac_frame_after(const ReadAt& read_at, std::uint64_t offset, Frames length);

}  // namespace gainstage
