// SPDX-License-Identifier: MIT
// Files and signals for tests of this room.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
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

}  // namespace gainstage::test
