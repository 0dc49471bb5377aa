// SPDX-License-Identifier: MIT
// Float samples to integers of fewer bits: scale, dither, round, clip. The same numbers on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace gainstage {

/// Triangular noise over (-1, 1) LSB, of mean 0: the difference of two uniform numbers of 32 bits. A function
/// of seed and frame alone (by SplitMix64).
struct TriangularNoise {
  std::uint64_t seed = 0;
  std::uint64_t first_frame = 0;
};

/// SplitMix64 (Steele, Lea, Flood 2014): random numbers for counters that are golden_gamma apart.
inline constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15u;
inline constexpr std::uint64_t scramble_factors[] = {0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu};
constexpr std::uint64_t scramble(std::uint64_t z) {
  z = (z ^ (z >> 30)) * scramble_factors[0];
  z = (z ^ (z >> 27)) * scramble_factors[1];
  return z ^ (z >> 31);
}

/// How many samples from the first on lie on the grid of integers of `bits` bits, in or over their range.
/// [rt]
std::size_t samples_on_grid(std::span<const float> samples, int bits) noexcept;

/// Integers of `bits` bits, 8 to 24, in the upper bits of 32: half to even, clipped to their range. `out` is
/// as long as `samples`, which must be finite. Returns how many were over the range before the noise. [rt]
std::size_t quantize(std::span<const float> samples, int bits, const std::optional<TriangularNoise>& noise,
                     std::span<std::int32_t> out) noexcept;

}  // namespace gainstage
