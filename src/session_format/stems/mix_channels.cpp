// SPDX-License-Identifier: MIT
#include "session_format/stems/mix_channels.h"

#include <algorithm>
#include <numeric>

namespace gainstage {
namespace {

ChannelPosition surround_for(ChannelPosition position) {
  if (position == ChannelPosition::left_rear) return ChannelPosition::left_surround;
  if (position == ChannelPosition::right_rear) return ChannelPosition::right_surround;
  return position;
}

}  // namespace

ChannelsInMix channels_in_mix(const std::vector<ChannelPosition>& source, std::size_t mix_channels) {
  if (source.size() <= 2) return {};
  const std::vector<ChannelPosition> mix = usual_positions(mix_channels);
  // Over eight channels nobody knows what they are for.
  const bool is_unknown = mix.front() == ChannelPosition::other;
  if (source == mix || (is_unknown && source.size() == mix.size())) return {};
  std::vector<std::size_t> channels;
  for (const ChannelPosition position : source) {
    auto found = std::find(mix.begin(), mix.end(), position);
    if (found == mix.end()) found = std::find(mix.begin(), mix.end(), surround_for(position));
    const auto channel = static_cast<std::size_t>(found - mix.begin());
    const bool is_taken = std::find(channels.begin(), channels.end(), channel) != channels.end();
    if (found == mix.end() || position == ChannelPosition::other || is_taken) return {{}, false};
    channels.push_back(channel);
  }
  std::vector<std::size_t> by_number(source.size());
  std::iota(by_number.begin(), by_number.end(), std::size_t{0});
  if (channels == by_number) channels.clear();
  return {channels, true};
}

}  // namespace gainstage
