// SPDX-License-Identifier: MIT
// Planar audio that belongs to someone else, and the format a processor is prepared for.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "base/aligned_vector.h"

namespace gainstage {

/// Planar samples that belong to someone else. Copy it freely; it is two words and an offset.
template <typename Sample>
struct AudioView {
  std::span<Sample* const> channels;
  std::size_t first = 0;
  std::size_t frames = 0;

  std::span<Sample> channel(std::size_t c) const { return {channels[c] + first, frames}; }

  AudioView section(std::size_t begin, std::size_t count) const {
    assert(begin + count <= frames);
    return {channels, first + begin, count};
  }

  /// Who may write may read.
  operator AudioView<const Sample>() const requires(!std::is_const_v<Sample>) {
    return {channels, first, frames};
  }
};

/// Owner of planar samples, `channels` x `frames`, zeroed when made. Each channel begins a cache line.
class AudioBuffer {
 public:
  AudioBuffer() = default;
  AudioBuffer(std::size_t channels, std::size_t frames)
      : samples_(channels * whole_lines(frames)), pointers_(channels), frames_(frames) {
    for (std::size_t c = 0; c < channels; ++c) pointers_[c] = samples_.data() + c * whole_lines(frames);
  }
  AudioBuffer(AudioBuffer&&) = default;
  AudioBuffer& operator=(AudioBuffer&&) = default;
  AudioBuffer(const AudioBuffer&) = delete;
  AudioBuffer& operator=(const AudioBuffer&) = delete;

  std::size_t channels() const { return pointers_.size(); }
  std::size_t frames() const { return frames_; }
  AudioView<float> view() { return {pointers_, 0, frames_}; }
  AudioView<float> view(std::size_t count) { return view().section(0, count); }
  AudioView<const float> view() const { return {const_pointers(), 0, frames_}; }
  AudioView<const float> view(std::size_t count) const { return view().section(0, count); }

 private:
  // float* const* converts to const float* const* (qualification conversion), so one table serves both views.
  std::span<const float* const> const_pointers() const {
    const float* const* table = pointers_.data();
    return {table, pointers_.size()};
  }

  static constexpr std::size_t whole_lines(std::size_t frames) {
    constexpr std::size_t samples = cache_line_bytes / sizeof(float);
    return (frames + samples - 1) / samples * samples;
  }

  AlignedVector<float> samples_;
  std::vector<float*> pointers_;
  std::size_t frames_ = 0;
};

/// What a processor is prepared for.
struct Format {
  double sample_rate_hz = 48000.0;
  std::size_t channels = 2;
  std::size_t max_block_frames = 1024;
};

}  // namespace gainstage
