// SPDX-License-Identifier: MIT
#include "base/channel_position.h"

namespace gainstage {

std::vector<ChannelPosition> usual_positions(std::size_t channels) {
  using enum ChannelPosition;
  switch (channels) {
    case 1:
      return {centre};
    case 2:
      return {left, right};
    case 3:
      return {left, right, centre};
    case 4:
      return {left, right, left_surround, right_surround};
    case 5:
      return {left, right, centre, left_surround, right_surround};
    case 6:
      return {left, right, centre, lfe, left_surround, right_surround};
    case 7:
      return {left, right, centre, lfe, other, left_surround, right_surround};
    case 8:
      return {left, right, centre, lfe, left_rear, right_rear, left_surround, right_surround};
    default:
      return std::vector<ChannelPosition>(channels, other);
  }
}

}  // namespace gainstage
