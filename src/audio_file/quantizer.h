// SPDX-License-Identifier: MIT
// Float samples to integers of fewer bits: scale, dither, round, clip. The same numbers on every machine.
#pragma once

#include <cstdint>
#include <span>

#include "base/audio_view.h"

namespace gainstage {

/// TPDF dither of +-1 LSB (two uniform noises of 1 LSB each, so neither the error's mean nor its power
/// depends on the signal). The noise is a function of channel and frame alone.
///
/// While every sample since the start lies on the grid of the wanted bits, nothing is added: a copy of a file
/// of as many bits stays equal, and so does leading silence. The first sample off the grid turns dither on
/// for the rest of the stream. So the result does not depend on how the stream is cut into blocks.
class Quantizer {
 public:
  explicit Quantizer(int bits) : bits_(bits) {}

  /// Interleaves to 32-bit integers whose upper `bits` are used. `interleaved` holds block.frames x channels.
  /// Samples must be finite.
  void process(AudioView<const float> block, std::span<std::int32_t> interleaved) noexcept;

  /// Samples that were over full scale before dither, so far.
  std::uint64_t clipped_samples() const { return clipped_samples_; }
  bool is_dithering() const { return is_dithering_; }

 private:
  std::size_t frames_on_grid(AudioView<const float> block) const noexcept;
  void convert(AudioView<const float> block, std::span<std::int32_t> interleaved) noexcept;

  int bits_;
  bool is_dithering_ = false;
  std::uint64_t frame_ = 0;
  std::uint64_t clipped_samples_ = 0;
};

}  // namespace gainstage
