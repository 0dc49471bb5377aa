// SPDX-License-Identifier: MIT
// How many bytes of samples a file's header promises. libsndfile cuts the length to what is there and says
// nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace gainstage {

/// Reads bytes at an offset; returns how many there were.
using ReadAt = std::function<std::size_t(std::uint64_t offset, std::span<std::byte> bytes)>;

/// What the format chunk of a WAV file says of its samples; of WAVE_FORMAT_EXTENSIBLE, what it stands for.
struct WaveFormat {
  static constexpr unsigned integers = 1;
  static constexpr unsigned floats = 3;
  unsigned tag = 0;  ///< integers, floats, or a codec's number.
  unsigned channels = 0;
  unsigned frame_bytes = 0;
  unsigned bits = 0;  ///< Of a sample's place, of which fewer may be used.
};

struct PromisedData {
  std::uint64_t offset = 0;  ///< Where the samples begin.
  std::optional<std::uint64_t>
      bytes;  ///< Nothing where the writer did not know (a stream, a recording not closed).
  std::optional<WaveFormat> format;  ///< Where a WAV's format chunk comes before the samples, as it must.
};

/// The data chunk of WAV, RF64, BW64, AIFF, W64, CAF and AU; nothing for other files.
std::optional<PromisedData> promised_data(const ReadAt& read_at);

}  // namespace gainstage
