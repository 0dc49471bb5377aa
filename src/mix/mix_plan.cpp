// SPDX-License-Identifier: MIT
#include "mix/mix_plan.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

namespace gainstage {

std::vector<MixOperation> plan_mix(std::span<const Db> gains) {
  std::vector<std::size_t> tracks(gains.size());
  std::iota(tracks.begin(), tracks.end(), std::size_t{0});
  return plan_mix(gains, tracks);
}

std::vector<MixOperation> plan_mix(std::span<const Db> gains, std::span<const std::size_t> tracks) {
  std::vector<MixOperation> operations;
  for (const std::size_t track : tracks) {
    const double ratio = to_ratio(gains[track]);
    if (ratio != 0.0) operations.push_back({track, ratio});
  }
  return operations;
}

MixSums::MixSums(std::size_t channels, std::size_t max_block_frames)
    : sums_(channels * max_block_frames), channels_(channels), max_block_frames_(max_block_frames) {}

void MixSums::clear(std::size_t first, std::size_t count) noexcept {
  assert(first + count <= max_block_frames_);
  std::ranges::fill(std::span(sums_).subspan(first * channels_, count * channels_), 0.0);
}

void MixSums::add(std::span<const MixOperation> operations, std::span<const MixSource> sources,
                  std::size_t first, std::size_t count) noexcept {
  assert(first + count <= max_block_frames_);
  std::array<PackedSource, most_together> together;
  std::size_t held = 0;
  const MixSource* like = nullptr;
  std::size_t frames = 0;
  const auto add_held = [&] {
    if (held == 0) return;
    add_packed(like->kind, like->spread, std::span(together).first(held),
               std::span(sums_).subspan(first * channels_, frames * channels_));
    held = 0;
  };
  for (const MixOperation& operation : operations) {
    const MixSource& source = sources[operation.track];
    if (source.frames <= first) continue;
    assert(source.spread == Spread::straight || channels_ == 2);
    const std::size_t sounding = std::min(count, source.frames - first);
    const bool fits = held > 0 && held < together.size() && source.kind == like->kind &&
                      source.spread == like->spread && sounding == frames;
    if (!fits) add_held();
    like = &source;
    frames = sounding;
    const std::size_t frame_bytes = bytes_of(source.kind) * (source.spread == Spread::twice ? 1 : channels_);
    together[held++] = {source.bytes.subspan(first * frame_bytes), operation.ratio};
  }
  add_held();
}

void MixSums::store(AudioView<float> mix, std::size_t first, std::size_t count) const noexcept {
  assert(first + count <= max_block_frames_ && first + count <= mix.frames);
  assert(mix.channels.size() == channels_);
  round_sums(std::span(sums_).subspan(first * channels_, count * channels_), mix.section(first, count));
}

}  // namespace gainstage
