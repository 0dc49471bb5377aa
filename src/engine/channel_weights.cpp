// SPDX-License-Identifier: MIT
#include "engine/channel_weights.h"

#include "meters/loudness.h"

namespace gainstage {

std::vector<double> channel_weights(std::span<const Speaker> layout) {
  std::vector<double> weights;
  weights.reserve(layout.size());
  for (const Speaker speaker : layout) {
    weights.push_back(speaker == Speaker::surround ? surround_weight
                      : speaker == Speaker::lfe    ? lfe_weight
                                                   : front_weight);
  }
  return weights;
}

std::vector<double> channel_weights(const Session& session) {
  return channel_weights(default_layout(session.channels));
}

}  // namespace gainstage
