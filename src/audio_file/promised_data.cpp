// SPDX-License-Identifier: MIT
#include "audio_file/promised_data.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace gainstage {

namespace {

using namespace std::string_view_literals;

enum class Order { little, big };

// How a container lines up its chunks.
struct ChunkStyle {
  Order order;
  std::size_t id_bytes;
  std::size_t size_bytes;
  std::uint64_t header_in_size;  // Bytes of the chunk's own header that its size counts.
  std::uint64_t alignment;
  std::uint64_t first_chunk;
  std::string_view data_id;
  std::uint64_t prefix;  // Bytes between the data chunk's header and the samples.
};

constexpr ChunkStyle riff{Order::little, 4, 4, 0, 2, 12, "data"sv, 0};
constexpr ChunkStyle rifx{Order::big, 4, 4, 0, 2, 12, "data"sv, 0};
constexpr ChunkStyle aiff{Order::big, 4, 4, 0, 2, 12, "SSND"sv, 8};
constexpr ChunkStyle wave64{Order::little, 16, 8, 24, 8, 40, "data"sv, 0};
constexpr ChunkStyle caf{Order::big, 4, 8, 0, 1, 8, "data"sv, 4};

constexpr std::size_t max_chunks = 10'000;

std::uint64_t number(std::span<const std::byte> bytes, Order order) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t at = order == Order::big ? i : bytes.size() - 1 - i;
    value = value << 8 | std::to_integer<std::uint64_t>(bytes[at]);
  }
  return value;
}

bool starts_with(std::span<const std::byte> bytes, std::string_view id) {
  return bytes.size() >= id.size() &&
         std::equal(id.begin(), id.end(), bytes.begin(), [](char a, std::byte b) {
           return static_cast<unsigned char>(a) == std::to_integer<unsigned char>(b);
         });
}

// What is written while the length is not known yet: all ones (ffmpeg), or just under 2 GiB (SoX), or zero.
bool is_unknown(std::uint64_t size, std::size_t size_bytes) {
  if (size == 0) return true;
  if (size_bytes == 8) return size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  return size >= 0xffffff00u || (size >= 0x7ffff000u && size <= 0x7fffffffu);
}

std::optional<ChunkStyle> style_of(std::span<const std::byte> head) {
  if (head.size() < 12) return std::nullopt;
  const auto form = head.subspan(8);
  if (starts_with(form, "WAVE"sv)) {
    if (starts_with(head, "RIFF"sv) || starts_with(head, "RF64"sv) || starts_with(head, "BW64"sv))
      return riff;
    if (starts_with(head, "RIFX"sv)) return rifx;
  }
  if (starts_with(head, "FORM"sv) && (starts_with(form, "AIFF"sv) || starts_with(form, "AIFC"sv)))
    return aiff;
  if (starts_with(head, "riff\x2e\x91\xcf\x11"sv)) return wave64;
  if (starts_with(head, "caff"sv)) return caf;
  return std::nullopt;
}

// Sun/NeXT audio: magic, offset of the samples, their length.
std::optional<PromisedData> promised_by_au(std::span<const std::byte> head) {
  const bool is_big = starts_with(head, ".snd"sv);
  if (head.size() < 12 || (!is_big && !starts_with(head, "dns."sv))) return std::nullopt;
  const Order order = is_big ? Order::big : Order::little;
  const std::uint64_t bytes = number(head.subspan(8, 4), order);
  const std::uint64_t offset = number(head.subspan(4, 4), order);
  return is_unknown(bytes, 4) ? PromisedData{offset, std::nullopt, {}} : PromisedData{offset, bytes, {}};
}

// Microsoft's WAVEFORMATEX and WAVEFORMATEXTENSIBLE. The GUID of the latter is the tag and a fixed end.
std::optional<WaveFormat> wave_format(std::span<const std::byte> chunk) {
  constexpr unsigned extensible = 0xfffe;
  constexpr auto guid_end = "\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71"sv;
  if (chunk.size() < 16) return std::nullopt;
  const auto field = [&](std::size_t at) {
    return static_cast<unsigned>(number(chunk.subspan(at, 2), Order::little));
  };
  WaveFormat format{field(0), field(2), field(12), field(14)};
  if (format.tag != extensible) return format;
  if (chunk.size() < 40 || !starts_with(chunk.subspan(26), guid_end)) return std::nullopt;
  format.tag = field(24);
  return format;
}

}  // namespace

std::optional<PromisedData> promised_data(const ReadAt& read_at) {
  std::array<std::byte, 12> head{};
  const auto head_read = std::span(head).first(read_at(0, head));
  const auto style = style_of(head_read);
  if (!style) return promised_by_au(head_read);

  std::optional<WaveFormat> format;
  std::optional<std::uint64_t> size_in_ds64;  // EBU Tech 3306: the 64-bit size stands in for all ones.
  std::uint64_t at = style->first_chunk;
  const std::size_t header_bytes = style->id_bytes + style->size_bytes;
  for (std::size_t chunk = 0; chunk < max_chunks; ++chunk) {
    std::array<std::byte, 24> header{};
    const auto wanted = std::span(header).first(header_bytes);
    if (read_at(at, wanted) < header_bytes) return std::nullopt;
    std::uint64_t size = number(wanted.subspan(style->id_bytes), style->order);
    const std::uint64_t content = at + header_bytes;

    if (starts_with(wanted, style->data_id)) {
      const bool is_in_ds64 = size_in_ds64 && size == 0xffffffffu;
      if (is_in_ds64) size = *size_in_ds64;
      PromisedData promised{content + style->prefix, std::nullopt, format};
      const std::uint64_t counted_besides = style->header_in_size + style->prefix;
      if (!is_unknown(size, is_in_ds64 ? 8 : style->size_bytes) && size >= counted_besides) {
        promised.bytes = size - counted_besides;
      }
      return promised;
    }
    if (starts_with(head_read.subspan(8), "WAVE"sv) && style->order == Order::little &&
        starts_with(wanted, "fmt "sv)) {
      std::array<std::byte, 40> fields{};
      const auto present = std::span(fields).first(std::min<std::uint64_t>(fields.size(), size));
      format = wave_format(present.first(read_at(content, present)));
    }
    if (starts_with(wanted, "ds64"sv)) {
      std::array<std::byte, 16> sizes{};
      if (read_at(content, sizes) < sizes.size()) return std::nullopt;
      size_in_ds64 = number(std::span(sizes).subspan(8), Order::little);
    }
    if (size < style->header_in_size) return std::nullopt;
    const std::uint64_t body = size - style->header_in_size;
    if (body >
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) - content - style->alignment) {
      return std::nullopt;
    }
    at = (content + body + style->alignment - 1) / style->alignment * style->alignment;
  }
  return std::nullopt;
}

}  // namespace gainstage
