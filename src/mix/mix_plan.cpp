// SPDX-License-Identifier: MIT
#include "mix/mix_plan.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace gainstage {

std::vector<MixOperation> plan_mix(const Session& session, std::span<const Db> gains) {
  std::vector<std::size_t> tracks(session.tracks.size());
  std::iota(tracks.begin(), tracks.end(), std::size_t{0});
  return plan_mix(session, gains, tracks);
}

std::vector<MixOperation> plan_mix(const Session& session, std::span<const Db> gains,
                                   std::span<const std::size_t> tracks) {
  assert(gains.size() == session.tracks.size());
  std::vector<MixOperation> operations;
  for (const std::size_t track : tracks) {
    const double ratio = to_ratio(gains[track]);
    if (ratio == 0.0) continue;
    for (std::size_t c = 0; c < session.channels; ++c) {
      if (const auto source = session.tracks[track].source_channel(c))
        operations.push_back({track, *source, c, ratio});
    }
  }
  return operations;
}

MixSums::MixSums(std::size_t channels, std::size_t max_block_frames)
    : sums_(channels * max_block_frames), channels_(channels), max_block_frames_(max_block_frames) {}

void MixSums::clear(std::size_t first, std::size_t count) noexcept {
  assert(first + count <= max_block_frames_);
  for (std::size_t c = 0; c < channels_; ++c) {
    const std::span<double> sums = section(c, first, count);
    std::fill(sums.begin(), sums.end(), 0.0);
  }
}

void MixSums::add(std::span<const MixOperation> operations, std::span<const AudioView<const float>> sources,
                  std::size_t first, std::size_t count) noexcept {
  assert(first + count <= max_block_frames_);
  for (const MixOperation& operation : operations) {
    const AudioView<const float>& source = sources[operation.track];
    if (source.frames <= first) continue;
    const std::size_t frames = std::min(count, source.frames - first);
    const std::span<const float> samples = source.channel(operation.source_channel).subspan(first, frames);
    const std::span<double> sums = section(operation.mix_channel, first, frames);
    const double ratio = operation.ratio;
    for (std::size_t i = 0; i < frames; ++i) sums[i] += ratio * static_cast<double>(samples[i]);
  }
}

void MixSums::store(AudioView<float> mix, std::size_t first, std::size_t count) const noexcept {
  assert(first + count <= max_block_frames_ && first + count <= mix.frames);
  for (std::size_t c = 0; c < channels_; ++c) {
    const std::span<const double> sums =
        std::span<const double>(sums_).subspan(c * max_block_frames_ + first, count);
    const std::span<float> out = mix.channel(c).subspan(first, count);
    for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<float>(sums[i]);
  }
}

}  // namespace gainstage
