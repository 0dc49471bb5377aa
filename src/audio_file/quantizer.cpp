// SPDX-License-Identifier: MIT
#include "audio_file/quantizer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {

namespace {

// SplitMix64 (Steele, Lea, Flood 2014), used as a function of its counter.
constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15u;

constexpr std::uint64_t scramble(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// Difference of two uniform numbers of 32 bits, in units of 1 LSB: triangular over (-1, 1), mean 0.
double triangular_noise(std::uint64_t channel_seed, std::uint64_t frame) {
  const std::uint64_t random = scramble(channel_seed + (frame + 1) * golden_gamma);
  const auto upper = static_cast<std::int64_t>(random >> 32);
  const auto lower = static_cast<std::int64_t>(random & 0xffffffffu);
  return static_cast<double>(upper - lower) * 0x1p-32;
}

// Half to even. Far beyond any integer format the number is cut, for the conversion is undefined beyond 64
// bits.
long long rounded(double x) { return std::llrint(std::clamp(x, -0x1p48, 0x1p48)); }

}  // namespace

std::size_t Quantizer::frames_on_grid(AudioView<const float> block) const noexcept {
  const double scale = std::ldexp(1.0, bits_ - 1);
  std::size_t frames = block.frames;
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    const std::span<const float> samples = block.channel(c);
    for (std::size_t i = 0; i < frames; ++i) {
      const double scaled = samples[i] * scale;
      if (scaled != static_cast<double>(rounded(scaled))) frames = i;
    }
  }
  return frames;
}

void Quantizer::process(AudioView<const float> block, std::span<std::int32_t> interleaved) noexcept {
  const std::size_t channels = block.channels.size();
  assert(interleaved.size() == channels * block.frames);
  const double scale = std::ldexp(1.0, bits_ - 1);  // The product of a float and a power of two is exact.
  const long long greatest = (1LL << (bits_ - 1)) - 1;
  const long long least = -greatest - 1;
  const long long to_upper_bits = 1LL << (32 - bits_);

  const std::size_t clean_frames = is_dithering_ ? 0 : frames_on_grid(block);
  if (clean_frames < block.frames) is_dithering_ = true;

  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<const float> samples = block.channel(c);
    const std::uint64_t seed = scramble(golden_gamma * (c + 1));
    for (std::size_t i = 0; i < block.frames; ++i) {
      const double scaled = samples[i] * scale;
      const double noise = i < clean_frames ? 0.0 : triangular_noise(seed, frame_ + i);
      const long long undithered = rounded(scaled);
      if (undithered > greatest || undithered < least) ++clipped_samples_;
      const long long value = std::clamp(rounded(scaled + noise), least, greatest);
      interleaved[i * channels + c] = static_cast<std::int32_t>(value * to_upper_bits);
    }
  }
  frame_ += block.frames;
}

}  // namespace gainstage
