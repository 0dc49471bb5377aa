// SPDX-License-Identifier: MIT
#include "engine/source_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/packed_samples.h"
#include "dsp/packed_sum.h"

namespace gainstage {

std::size_t block_frames(double sample_rate_hz, std::size_t channels) {
  constexpr std::size_t budget_samples = std::size_t{4} << 20;  // 16 MiB of floats
  const auto hop = static_cast<std::size_t>(std::ceil(0.1 * sample_rate_hz));
  const std::size_t hops = budget_samples / std::max<std::size_t>(1, hop * channels);
  return hop * std::clamp<std::size_t>(hops, 1, 10);
}

NonFiniteFound silence_non_finite(AudioView<float> block) noexcept {
  NonFiniteFound found;
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    const std::span<float> samples = block.channel(c);
    if (all_finite(samples)) continue;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isfinite(samples[i])) continue;
      samples[i] = 0.0f;
      found.first_frame = found.samples == 0 ? i : std::min(found.first_frame, i);
      ++found.samples;
    }
  }
  return found;
}

Error non_finite_error(const std::string& file, std::size_t samples, double seconds) {
  return {
      ErrorCode::bad_input,
      fmt::format(
          "'{}' holds {} NaN or infinite, the first at {:.3f} s. Export the file again, or use --force to "
          "take them as silence.",
          file, samples == 1 ? "a sample that is" : fmt::format("{} samples that are", samples), seconds),
      {file, {}, {}, seconds}};
}

Result<SourceReader> SourceReader::open(const std::string& path) {
  Result<AudioReader> reader = AudioReader::open(path);
  if (!reader) return tl::unexpected(std::move(reader.error()));
  return SourceReader(std::move(*reader));
}

bool SourceReader::is_plain() const { return reader_.packed() && can_add_packed(*reader_.packed()); }

Result<std::size_t> SourceReader::read(AudioView<float> block) {
  std::size_t filled = 0;
  while (filled < block.frames) {
    Result<std::size_t> frames = reader_.read(block.section(filled, block.frames - filled));
    if (!frames) return frames;
    if (*frames == 0) break;
    filled += *frames;
  }
  NonFiniteFound found;
  if (info().kind == SampleKind::floating) found = silence_non_finite(block.section(0, filled));
  if (found.samples > 0) {
    if (!first_non_finite_s_) {
      first_non_finite_s_ =
          static_cast<double>(frames_read_ + static_cast<Frames>(found.first_frame)) / info().sample_rate_hz;
    }
    non_finite_samples_ += found.samples;
  }
  frames_read_ += static_cast<Frames>(filled);
  return filled;
}

}  // namespace gainstage
