// SPDX-License-Identifier: MIT
#include "audio_file/flac_frames.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <optional>
#include <vector>

namespace gainstage {

namespace {

constexpr std::size_t searched_bytes =
    128 * 1024;  // A frame of 8 channels of 4608 samples of 24 bits fits in.

unsigned byte_at(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<unsigned>(bytes[at]);
}

// RFC 9639, 9.1.8: x^8 + x^2 + x + 1 over the header before it.
unsigned crc8(std::span<const std::byte> bytes) {
  unsigned crc = 0;
  for (const std::byte b : bytes) {
    crc ^= std::to_integer<unsigned>(b);
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1 ^ ((crc & 0x80) != 0 ? 0x07u : 0u)) & 0xff;
  }
  return crc;
}

// RFC 9639, table 14: the block size, or how many bytes say it (1 or 2) less one.
struct BlockSize {
  std::uint64_t samples = 0;
  std::size_t bytes = 0;
};

std::optional<BlockSize> block_size(unsigned code) {
  if (code == 0) return std::nullopt;
  if (code == 1) return BlockSize{192};
  if (code <= 5) return BlockSize{144u << code};
  if (code <= 7) return BlockSize{0, code - 5};
  return BlockSize{1u << code};
}

// The first sample of the frame that begins here, if one does. RFC 9639, 9.1.
std::optional<std::uint64_t> frame_position(std::span<const std::byte> bytes) {
  constexpr std::size_t longest_header = 16;
  if (bytes.size() < longest_header || byte_at(bytes, 0) != 0xff || (byte_at(bytes, 1) & 0xfe) != 0xf8) {
    return std::nullopt;
  }
  const bool counts_samples = (byte_at(bytes, 1) & 1) != 0;
  const auto size = block_size(byte_at(bytes, 2) >> 4);
  const unsigned rate_code = byte_at(bytes, 2) & 15;
  if (!size || rate_code == 15 || byte_at(bytes, 3) >> 4 > 10 || (byte_at(bytes, 3) & 1) != 0)
    return std::nullopt;

  // A number as in UTF-8, of up to 36 bits.
  const unsigned lead = byte_at(bytes, 4);
  const int ones = std::countl_one(static_cast<std::uint8_t>(lead));
  if (ones == 1 || ones == 8) return std::nullopt;
  const std::size_t number_bytes = ones == 0 ? 1 : static_cast<std::size_t>(ones);
  std::uint64_t number = ones == 0 ? lead : lead & (0x7fu >> ones);
  for (std::size_t i = 1; i < number_bytes; ++i) {
    if ((byte_at(bytes, 4 + i) & 0xc0) != 0x80) return std::nullopt;
    number = number << 6 | (byte_at(bytes, 4 + i) & 0x3f);
  }

  std::size_t at = 4 + number_bytes;
  std::uint64_t samples = size->samples;
  for (std::size_t i = 0; i < size->bytes; ++i) samples = samples << 8 | byte_at(bytes, at++);
  if (size->bytes > 0) ++samples;
  at += rate_code == 12 ? 1 : (rate_code == 13 || rate_code == 14 ? 2 : 0);
  if (crc8(bytes.first(at)) != byte_at(bytes, at)) return std::nullopt;
  return counts_samples ? number : number * samples;
}

}  // namespace

bool has_flac_frame_after(const ReadAt& read_at, std::uint64_t offset, Frames length) {
  std::vector<std::byte> bytes(searched_bytes);
  const auto found = std::span<const std::byte>(bytes).first(read_at(offset, bytes));
  for (std::size_t at = 0; at < found.size(); ++at) {
    const auto position = frame_position(found.subspan(at));
    if (position && *position >= static_cast<std::uint64_t>(length)) return true;
  }
  return false;
}

}  // namespace gainstage
