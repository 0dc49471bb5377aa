// SPDX-License-Identifier: MIT
// Samples as they lie in a file, and as floats: the only arithmetic between the bytes of a plain WAV and a
// meter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/audio_view.h"

namespace gainstage {

/// How one sample lies in the bytes of a file; little-endian.
enum class PackedSample { unsigned8, signed16, signed24, signed32, float32, float64 };

constexpr std::size_t bytes_of(PackedSample kind) {
  constexpr std::size_t bytes[] = {1, 2, 3, 4, 4, 8};
  return bytes[static_cast<std::size_t>(kind)];
}

/// Whether the processor still has to be asked for the bytes that come next, or was before.
enum class Fetching { ask, was_asked };

/// Interleaved bytes to planar floats: out.channels x out.frames samples, at most 2048 channels. Integers
/// come out as +-1 full scale, n / 2^(bits - 1) rounded once (exact up to 24 bits); float32 is copied bit for
/// bit, float64 rounded. A sample does not depend on its neighbours, so any cut of a stream gives the same.
/// [rt]
void unpack(PackedSample kind, std::span<const std::byte> bytes, AudioView<float> out,
            Fetching fetching = Fetching::ask) noexcept;

/// Integers whose upper `bytes_of(kind)` bytes are used, to bytes: signed16, signed24 or signed32. [rt]
void pack(PackedSample kind, std::span<const std::int32_t> samples, std::span<std::byte> bytes) noexcept;

/// True when no sample is NaN or infinite. [rt]
bool all_finite(std::span<const float> samples) noexcept;

/// The same of floats as they lie in a file, at any place. bytes.size() is a multiple of 4. [rt]
bool all_finite(std::span<const std::byte> bytes) noexcept;

}  // namespace gainstage
