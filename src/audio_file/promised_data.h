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

struct PromisedData {
  std::uint64_t offset = 0;  ///< Where the samples begin.
  std::optional<std::uint64_t>
      bytes;  ///< Nothing where the writer did not know (a stream, a recording not closed).
};

/// The data chunk of WAV, RF64, BW64, AIFF, W64, CAF and AU; nothing for other files.
std::optional<PromisedData> promised_data(const ReadAt& read_at);

}  // namespace gainstage
