// SPDX-License-Identifier: MIT
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "audio_file/audio_reader.h"
#include "fuzz_target.h"

namespace {

/// Bytes as a file that never touches a disk.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("fuzz", 0)) {
    if (descriptor_ < 0 || write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile file(data, size);
  auto reader = gainstage::AudioReader::open(file.path());
  if (!reader) {
    if (reader.error().sentence.empty()) __builtin_trap();
    return 0;
  }
  const std::size_t channels = reader->info().channels();
  if (channels == 0 || channels > 64) __builtin_trap();
  gainstage::AudioBuffer buffer(channels, 1024);
  // Compressed bytes may promise hours; a few seconds are enough to see the decoder at work.
  for (int block = 0; block < 64; ++block) {
    const auto frames = reader->read(buffer.view());
    if (!frames || *frames == 0) break;
    if (*frames > buffer.frames()) __builtin_trap();
  }
  return 0;
}
