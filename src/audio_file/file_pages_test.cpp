// SPDX-License-Identifier: MIT
#include "audio_file/file_pages.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace gainstage {
namespace {

constexpr std::size_t file_bytes = 8 << 20;

/// A file of its own, mapped; byte i is of(i).
class MappedFile {
 public:
  static std::byte of(std::size_t i) { return static_cast<std::byte>(i ^ (i >> 8) ^ (i >> 16)); }

  MappedFile() {
    const auto path = std::filesystem::temp_directory_path() / ("file_pages_" + std::to_string(getpid()));
    std::vector<std::byte> bytes(file_bytes);
    for (std::size_t i = 0; i < file_bytes; ++i) bytes[i] = of(i);
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), file_bytes);
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    at_ = mmap(nullptr, file_bytes, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    std::filesystem::remove(path);
  }
  ~MappedFile() { munmap(at_, file_bytes); }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  bool is_mapped() const { return at_ != MAP_FAILED; }
  std::span<const std::byte> bytes() const { return {static_cast<const std::byte*>(at_), file_bytes}; }

 private:
  void* at_;
};

/// Bytes of files that are in this process's memory.
std::size_t resident_file_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssFile:")) return 1024 * std::stoul(line.substr(8));
  }
  return 0;
}

bool is_whole(std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != MappedFile::of(i)) return false;
  }
  return true;
}

TEST(FilePages, AreThoseOfTheFileAlone) {
  // Anonymous memory is zero after it was let go of: none may be before the page of the first byte, wherever
  // that lies among the larger pages.
  const auto page_bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  constexpr std::size_t length = 1 << 20;
  for (std::size_t pages_before = 1; pages_before <= 16; ++pages_before) {
    void* const at = mmap(nullptr, 2 * length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(at, MAP_FAILED);
    const auto address = reinterpret_cast<std::uintptr_t>(at);
    const std::size_t others = (length - address % length) % length / 2 + pages_before * page_bytes;
    const std::span memory(static_cast<std::byte*>(at), 2 * length);
    std::ranges::fill(memory, std::byte{0x5a});
    const std::span<const std::byte> part = memory.subspan(others, length);
    let_go({&part, 1});
    EXPECT_TRUE(std::ranges::all_of(memory.first(others / page_bytes * page_bytes), [](std::byte byte) {
      return byte == std::byte{0x5a};
    })) << pages_before;
    munmap(at, 2 * length);
  }
}

TEST(FilePages, AreReadAgainAsTheyWere) {
  const MappedFile file;
  ASSERT_TRUE(file.is_mapped());
  ASSERT_TRUE(is_whole(file.bytes()));
  std::vector<std::span<const std::byte>> parts;
  for (std::size_t from = 0; from < file_bytes; from += 77'777) {
    parts.push_back(file.bytes().subspan(from, std::min<std::size_t>(50'000, file_bytes - from)));
  }
  let_go(parts);
  EXPECT_TRUE(is_whole(file.bytes()));
  let_go({});
}

TEST(FilePages, AreNotHeldAnyMore) {
  const MappedFile file;
  ASSERT_TRUE(file.is_mapped());
  ASSERT_TRUE(is_whole(file.bytes()));
  const std::size_t before = resident_file_bytes();
  if (before == 0) GTEST_SKIP() << "The system does not say how much of files is in memory.";
  const std::span<const std::byte> halves[] = {file.bytes().first(file_bytes / 2),
                                               file.bytes().last(file_bytes / 2)};
  let_go(halves);
  EXPECT_LE(resident_file_bytes() + file_bytes / 2, before);
}

}  // namespace
}  // namespace gainstage
