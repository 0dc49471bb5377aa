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
  // Of a channel each; they stay in the nearest cache.
  constexpr std::size_t section_frames = 1024;
  std::array<std::array<std::int32_t, section_frames>, 2> sections;
  const std::size_t channels = block.channels.size();
  for (std::size_t first = 0; first < block.frames; first += section_frames) {
    const std::size_t frames = std::min(section_frames, block.frames - first);
    const auto quantize_channel = [&](std::size_t c, std::array<std::int32_t, section_frames>& to) {
      std::optional<TriangularNoise> noise;
      if (is_dithering_) noise = {scramble(golden_gamma * (c + 1)), frame_};
      clipped_samples_ +=
          quantize(block.channel(c).subspan(first, frames), bits_, noise, std::span(to).first(frames));
    };
    std::int32_t* const to = interleaved.data() + first * channels;
    if (channels == 2) {
      for (std::size_t c = 0; c < 2; ++c) quantize_channel(c, sections[c]);
      for (std::size_t i = 0; i < frames; ++i) {
        to[2 * i] = sections[0][i];
        to[2 * i + 1] = sections[1][i];
      }
    } else {
      for (std::size_t c = 0; c < channels; ++c) {
        quantize_channel(c, sections[0]);
        for (std::size_t i = 0; i < frames; ++i) to[i * channels + c] = sections[0][i];
      }
    }
    frame_ += frames;
  }
}

}  // namespace gainstage
