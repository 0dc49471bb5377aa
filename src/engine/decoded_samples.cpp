// SPDX-License-Identifier: MIT
#include "engine/decoded_samples.h"

#include <cmath>
#include <utility>

namespace gainstage {

void DecodedSamples::Kept::append(AudioView<const float> block) {
  const std::size_t channels = block.channels.size();
  const std::size_t more = channels * block.frames;
  if (!is_held_ || more > samples_.capacity() - samples_.size()) {
    samples_ = {};
    is_held_ = false;
    return;
  }
  const std::size_t begin = samples_.size();
  samples_.resize(begin + more);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<const float> from = block.channel(c);
    float* const to = samples_.data() + begin + c;
    for (std::size_t i = 0; i < from.size(); ++i) to[i * channels] = from[i];
  }
}

DecodedSamples::Kept* DecodedSamples::make_room(const Session& session, const Track& track) {
  // A frame more than the length at the session's rate, which is rounded. Memory that is never written to is
  // never had, so a header that promises too much costs nothing but the room of others.
  const double frames =
      std::ceil(static_cast<double>(track.source_frames) * session.sample_rate_hz / track.source_rate_hz) +
      1.0;
  const double bytes = frames * static_cast<double>(track.channels * sizeof(float));
  const Key key = key_of(session, track);
  if (bytes > static_cast<double>(bytes_left_) || kept_.contains(key)) return nullptr;
  Kept& kept = kept_[key];
  bytes_left_ -= static_cast<std::size_t>(bytes);
  kept.samples_.reserve(static_cast<std::size_t>(bytes) / sizeof(float));
  return &kept;
}

std::span<const float> DecodedSamples::samples(const Session& session, const Track& track) const {
  const auto found = kept_.find(key_of(session, track));
  if (found == kept_.end() || !found->second.is_whole_) return {};
  return found->second.samples_;
}

}  // namespace gainstage
