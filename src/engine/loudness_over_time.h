// SPDX-License-Identifier: MIT
// What a loudness meter shows over time. Internal to the room.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gainstage {

/// At the end of each hop of 100 ms, of the `window_hops` up to it; before the first there is silence. LUFS;
/// minus infinity in silence.
std::vector<float> loudness_over_time(std::span<const double> hop_energies, std::size_t window_hops);

}  // namespace gainstage
