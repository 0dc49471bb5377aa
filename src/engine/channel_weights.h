// SPDX-License-Identifier: MIT
// Which channel counts how much in a loudness. Internal to the room.
#pragma once

#include <span>
#include <vector>

#include "audio_file/audio_reader.h"
#include "session/session.h"

namespace gainstage {

/// Weights of BS.1770-5: 1.41 for surround, 0 for LFE, 1 for all others.
std::vector<double> channel_weights(std::span<const Speaker> layout);

/// Those of the mix's channels: the usual order of their count.
std::vector<double> channel_weights(const Session& session);

}  // namespace gainstage
