// SPDX-License-Identifier: MIT
// What the channels of a signal are for.
#pragma once

#include <cstddef>
#include <vector>

namespace gainstage {

enum class ChannelPosition {
  left,
  right,
  centre,
  left_of_centre,
  right_of_centre,
  lfe,
  left_surround,  ///< At the side, or the only pair behind.
  right_surround,
  left_rear,  ///< Behind, where there is a pair at the side too.
  right_rear,
  other,  ///< Not known, or none of these.
};

/// Usual order of WAV and FLAC: 1 mono (as centre); 2 L R; 3 L R C; 4 L R Ls Rs; 5 L R C Ls Rs;
/// 6 L R C LFE Ls Rs; 7 L R C LFE Cs Ls Rs; 8 L R C LFE Lb Rb Ls Rs; others: all `other`.
std::vector<ChannelPosition> usual_positions(std::size_t channels);

}  // namespace gainstage
