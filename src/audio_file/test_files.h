// SPDX-License-Identifier: MIT
// Files and signals for tests of this room.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audio_file/audio_reader.h"
#include "audio_file/audio_writer.h"
#include "base/audio_view.h"

namespace gainstage::test {

/// A folder that goes away with its owner.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gainstage-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_))
      found.push_back(entry.path().filename());
    return found;
  }

 private:
  std::filesystem::path path_;
};

/// White noise in +-amplitude, from a fixed seed.
inline AudioBuffer noise(std::size_t channels, std::size_t frames, float amplitude = 0.5f) {
  AudioBuffer buffer(channels, frames);
  std::uint32_t state = 12345;
  for (std::size_t c = 0; c < channels; ++c) {
    for (float& x : buffer.view().channel(c)) {
      state = state * 1664525u + 1013904223u;
      x = amplitude * (static_cast<float>(state >> 8) / 8388608.0f - 1.0f);
    }
  }
  return buffer;
}

inline Result<void> write_audio(const std::string& path, const WriteFormat& format,
                                const AudioBuffer& samples, std::size_t block_frames = 4096) {
  auto writer = AudioWriter::create(path, format, Overwrite::no);
  if (!writer) return tl::unexpected(writer.error());
  for (std::size_t at = 0; at < samples.frames(); at += block_frames) {
    const std::size_t frames = std::min(block_frames, samples.frames() - at);
    if (auto written = writer->write(samples.view().section(at, frames)); !written) return written;
  }
  return writer->commit();
}

/// Every sample of a reader, channel by channel.
template <typename Reader>
Result<std::vector<std::vector<float>>> read_all(Reader& reader, std::size_t channels,
                                                 std::size_t block_frames = 1000) {
  std::vector<std::vector<float>> samples(channels);
  AudioBuffer block(channels, block_frames);
  for (;;) {
    auto got = reader.read(block.view());
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) return samples;
    for (std::size_t c = 0; c < channels; ++c) {
      const std::span<float> from = block.view().channel(c);
      samples[c].insert(samples[c].end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(*got));
    }
  }
}

inline std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

/// The fields of a PCM header that tests set wrongly.
struct WavHeader {
  unsigned channels = 2;
  std::uint64_t rate_hz = 48000;
  unsigned bits = 16;
  std::optional<std::uint32_t> data_bytes = {};  ///< The true size when absent.
};

inline std::string format_chunk(const WavHeader& header) {
  const std::uint64_t frame_bytes = header.channels * header.bits / 8;
  return "fmt " + little_endian(16, 4) + little_endian(1, 2) + little_endian(header.channels, 2) +
         little_endian(header.rate_hz, 4) + little_endian(header.rate_hz * frame_bytes, 4) +
         little_endian(frame_bytes, 2) + little_endian(header.bits, 2);
}

inline std::string wav_bytes(const WavHeader& header, const std::string& samples) {
  const std::uint64_t data_bytes = header.data_bytes.value_or(static_cast<std::uint32_t>(samples.size()));
  return "RIFF" + little_endian(std::min<std::uint64_t>(data_bytes + 36, 0xffffffff), 4) + "WAVE" +
         format_chunk(header) + "data" + little_endian(data_bytes, 4) + samples;
}

/// EBU Tech 3306: what comes before the samples.
inline std::string rf64_header(const WavHeader& header, std::uint64_t data_bytes, std::uint64_t frames) {
  return "RF64" + little_endian(0xffffffff, 4) + "WAVEds64" + little_endian(28, 4) +
         little_endian(data_bytes + 72, 8) + little_endian(data_bytes, 8) + little_endian(frames, 8) +
         little_endian(0, 4) + format_chunk(header) + "data" + little_endian(0xffffffff, 4);
}

/// RFC 9639, 8.2: the 36 bits of STREAMINFO that hold the length, after "fLaC", the block's header and 13
/// bytes.
inline void set_flac_length(std::string& flac, std::uint64_t frames) {
  constexpr std::size_t at = 4 + 4 + 13;
  flac[at] = static_cast<char>((flac[at] & 0xf0) | static_cast<char>(frames >> 32 & 0x0f));
  for (std::size_t i = 0; i < 4; ++i) flac[at + 1 + i] = static_cast<char>(frames >> (24 - 8 * i) & 0xff);
}

}  // namespace gainstage::test
