// SPDX-License-Identifier: MIT
#include "audio_file/quantizer.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "dsp/quantize.h"

namespace gainstage {

std::size_t Quantizer::frames_on_grid(AudioView<const float> block) const noexcept {
  std::size_t frames = block.frames;
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    frames = samples_on_grid(block.channel(c).first(frames), bits_);
  }
  return frames;
}

void Quantizer::process(AudioView<const float> block, std::span<std::int32_t> interleaved) noexcept {
  assert(interleaved.size() == block.channels.size() * block.frames);
  const std::size_t clean_frames = is_dithering_ ? 0 : frames_on_grid(block);
  convert(block.section(0, clean_frames), interleaved);
  if (clean_frames == block.frames) return;
  is_dithering_ = true;
  convert(block.section(clean_frames, block.frames - clean_frames),
          interleaved.subspan(clean_frames * block.channels.size()));
}

void Quantizer::convert(AudioView<const float> block, std::span<std::int32_t> interleaved) noexcept {
  const std::size_t channels = block.channels.size();
  std::array<std::int32_t, 1024> section;  // Of one channel; stays in the nearest cache.
  for (std::size_t first = 0; first < block.frames; first += section.size()) {
    const std::size_t frames = std::min(section.size(), block.frames - first);
    const std::span<std::int32_t> values = std::span(section).first(frames);
    for (std::size_t c = 0; c < channels; ++c) {
      std::optional<TriangularNoise> noise;
      if (is_dithering_) noise = {scramble(golden_gamma * (c + 1)), frame_};
      clipped_samples_ += quantize(block.channel(c).subspan(first, frames), bits_, noise, values);
      std::int32_t* const to = interleaved.data() + first * channels + c;
      for (std::size_t i = 0; i < frames; ++i) to[i * channels] = values[i];
    }
    frame_ += frames;
  }
}

}  // namespace gainstage
