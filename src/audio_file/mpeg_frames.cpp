// SPDX-License-Identifier: MIT
#include "audio_file/mpeg_frames.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace gainstage {

namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t max_gap = 64 * 1024;  // Bytes that are no frame, skipped in search of the next one.

struct Frame {
  std::uint64_t bytes = 0;
  Frames samples = 0;
  std::size_t index_offset = 0;  // Where a Xing or Info index lies, from the frame's start.
  std::uint32_t kind = 0;        // Version, layer and rate: the same in all frames of a file.
};

// ISO/IEC 11172-3, table in 2.4.2.3, and 13818-3 for the lower rates; kbit/s by index, 0: free format, 15:
// forbidden.
constexpr std::array<std::array<unsigned, 16>, 5> bit_rates{{
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0},  // MPEG-1 layer I
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0},     // MPEG-1 layer II
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0},      // MPEG-1 layer III
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0},     // MPEG-2 layer I
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0},          // MPEG-2 layers II and III
}};

std::uint32_t big_endian(std::span<const std::byte, 4> bytes) {
  std::uint32_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<std::uint32_t>(b);
  return value;
}

std::optional<std::uint32_t> word_at(const ReadAt& read_at, std::uint64_t offset) {
  std::array<std::byte, 4> bytes{};
  if (read_at(offset, bytes) < bytes.size()) return std::nullopt;
  return big_endian(bytes);
}

std::optional<Frame> parse_header(std::uint32_t header) {
  if ((header & 0xffe00000u) != 0xffe00000u) return std::nullopt;
  const unsigned version = header >> 19 & 3;  // 0: MPEG-2.5, 2: MPEG-2, 3: MPEG-1.
  const unsigned layer = 4 - (header >> 17 & 3);
  const unsigned rate_index = header >> 10 & 3;
  if (version == 1 || layer == 4 || rate_index == 3) return std::nullopt;
  const bool is_mpeg1 = version == 3;
  const std::size_t table = is_mpeg1 ? layer - 1 : (layer == 1 ? 3 : 4);
  const unsigned bits_per_s = bit_rates[table][header >> 12 & 15] * 1000;
  if (bits_per_s == 0) return std::nullopt;

  constexpr std::array<unsigned, 3> rates_hz{44100, 48000, 32000};
  const unsigned rate_hz = rates_hz[rate_index] >> (is_mpeg1 ? 0 : (version == 2 ? 1 : 2));
  const unsigned padding = header >> 9 & 1;
  const bool is_mono = (header >> 6 & 3) == 3;
  Frame frame;
  frame.kind = header & 0xfffe0c00u;
  frame.samples = layer == 1 ? 384 : (layer == 3 && !is_mpeg1 ? 576 : 1152);
  const auto slots = static_cast<unsigned>(frame.samples) / 8;
  frame.bytes =
      layer == 1 ? (bits_per_s * 12 / rate_hz + padding) * 4 : bits_per_s * slots / rate_hz + padding;
  frame.index_offset = 4 + (is_mpeg1 ? (is_mono ? 17u : 32u) : (is_mono ? 9u : 17u));
  return frame;
}

// Length of an ID3v2 tag at the start, with its header and footer; 0 without one.
std::uint64_t id3_bytes(const ReadAt& read_at) {
  std::array<std::byte, 10> head{};
  if (read_at(0, head) < head.size()) return 0;
  if (head[0] != std::byte{'I'} || head[1] != std::byte{'D'} || head[2] != std::byte{'3'}) return 0;
  std::uint64_t size = 0;
  for (std::size_t i = 6; i < 10; ++i)
    size = size << 7 | std::to_integer<std::uint64_t>(head[i] & std::byte{0x7f});
  const bool has_footer = (head[5] & std::byte{0x10}) != std::byte{0};
  return size + 10 + (has_footer ? 10 : 0);
}

// A frame at or after `offset` of the wanted kind (any: 0), whose successor is one too or the end of the
// file.
std::optional<std::uint64_t> find_frame(const ReadAt& read_at, std::uint64_t offset, std::uint32_t kind) {
  for (std::uint64_t at = offset; at < offset + max_gap; ++at) {
    const auto word = word_at(read_at, at);
    if (!word) return std::nullopt;
    const auto frame = parse_header(*word);
    if (!frame || (kind != 0 && frame->kind != kind)) continue;
    const auto next_word = word_at(read_at, at + frame->bytes);
    if (!next_word) return at;
    const auto next = parse_header(*next_word);
    if (next && next->kind == frame->kind) return at;
  }
  return std::nullopt;
}

std::optional<Frames> promised_by_index(const ReadAt& read_at, std::uint64_t at, const Frame& frame) {
  const auto tag = word_at(read_at, at + frame.index_offset);
  constexpr std::uint32_t xing = 0x58696e67u;
  constexpr std::uint32_t info = 0x496e666fu;
  if (tag == xing || tag == info) {
    const auto flags = word_at(read_at, at + frame.index_offset + 4);
    const auto count = word_at(read_at, at + frame.index_offset + 8);
    if (!flags || !count || (*flags & 1) == 0) return std::nullopt;
    return static_cast<Frames>(*count) * frame.samples;
  }
  constexpr std::uint32_t vbri = 0x56425249u;
  constexpr std::uint64_t vbri_offset = 4 + 32;
  if (word_at(read_at, at + vbri_offset) != vbri) return std::nullopt;
  const auto count = word_at(read_at, at + vbri_offset + 14);
  if (!count) return std::nullopt;
  return static_cast<Frames>(*count) * frame.samples;
}

}  // namespace

std::optional<MpegFrames> count_mpeg_frames(const ReadAt& read_at) {
  auto at = find_frame(read_at, id3_bytes(read_at), 0);
  if (!at) return std::nullopt;
  const auto first = parse_header(*word_at(read_at, *at));
  MpegFrames found;
  found.promised = promised_by_index(read_at, *at, *first);
  if (found.promised) *at += first->bytes;  // The index lies in a frame of its own.
  while (at) {
    const auto word = word_at(read_at, *at);
    if (!word) break;
    const auto frame = parse_header(*word);
    if (!frame || frame->kind != first->kind) {
      at = find_frame(read_at, *at + 1, first->kind);
      continue;
    }
    std::array<std::byte, 1> last{};
    if (read_at(*at + frame->bytes - 1, last) == 1) found.present += frame->samples;
    *at += frame->bytes;
  }
  return found;
}

}  // namespace gainstage
