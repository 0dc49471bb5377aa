// SPDX-License-Identifier: MIT
// Which channel of the mix a stem's channels belong to. For stems only.
#pragma once

#include <cstddef>
#include <vector>

#include "base/channel_position.h"

namespace gainstage {

struct ChannelsInMix {
  std::vector<std::size_t> mix_channels;  ///< As in Track; empty: those of the same number.
  bool have_places = true;                ///< False: the mix has no such place for each, so numbers decide.
};

/// Channels of the same meaning find each other; a rear pair takes the surrounds where the mix has no rear.
/// The mix has the usual order of its channel count. A mono or stereo stem goes to the first two as it is.
ChannelsInMix channels_in_mix(const std::vector<ChannelPosition>& source, std::size_t mix_channels);

}  // namespace gainstage
