// SPDX-License-Identifier: MIT
#include "audio_file/promised_data.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "audio_file/test_files.h"

namespace gainstage {
namespace {

std::optional<PromisedData> promised(const std::string& bytes) {
  return promised_data([&](std::uint64_t offset, std::span<std::byte> to) -> std::size_t {
    if (offset >= bytes.size()) return 0;
    const std::size_t count = std::min<std::size_t>(to.size(), bytes.size() - offset);
    std::memcpy(to.data(), bytes.data() + offset, count);
    return count;
  });
}

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string text = test::little_endian(value, bytes);
  return {text.rbegin(), text.rend()};
}

void expect(const std::optional<PromisedData>& found, std::uint64_t offset, std::uint64_t bytes) {
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, offset);
  EXPECT_EQ(found->bytes, bytes);
}

TEST(PromisedData, OfAWavIsItsDataChunkWhereverThatLies) {
  expect(promised(test::wav_bytes({.data_bytes = 1234}, "")), 44, 1234);
  const std::string odd_chunk = "junk" + test::little_endian(3, 4) + "abc" + std::string(1, '\0');
  std::string wav = test::wav_bytes({.data_bytes = 1234}, "");
  wav.insert(12, odd_chunk);
  expect(promised(wav), 44 + 12, 1234);
}

TEST(PromisedData, OfAnRf64IsTheSizeOf64Bits) {
  expect(promised(test::rf64_header({}, 1ull << 40, 1)), 80, 1ull << 40);
}

TEST(PromisedData, OfAnAiffCountsTheSamplesOnly) {
  const std::string aiff = "FORM" + big_endian(100, 4) + "AIFFCOMM" + big_endian(18, 4) +
                           std::string(18, '\0') + "SSND" + big_endian(1008, 4);
  expect(promised(aiff), 12 + 26 + 8 + 8, 1000);
}

TEST(PromisedData, OfACafAndAnAu) {
  const std::string caf = "caff" + big_endian(1 << 16, 4) + "desc" + big_endian(32, 8) +
                          std::string(32, '\0') + "data" + big_endian(1004, 8);
  expect(promised(caf), 8 + 44 + 12 + 4, 1000);
  expect(promised(".snd" + big_endian(28, 4) + big_endian(1000, 4)), 28, 1000);
}

TEST(PromisedData, IsUnknownForAStream) {
  for (const std::uint32_t size : {0u, 0xffffffffu, 0x7ffff000u}) {
    const auto found = promised(test::wav_bytes({.data_bytes = size}, ""));
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->bytes) << size;
  }
}

TEST(PromisedData, IsNoneForOtherBytes) {
  EXPECT_FALSE(promised(""));
  EXPECT_FALSE(promised("RIFF1234WAVE"));
  EXPECT_FALSE(promised(std::string(1000, '\xff')));
  EXPECT_FALSE(promised("RIFF1234WAVEjunk" + test::little_endian(0xffffffff, 4) + "data"));
  // Chunks that would wrap the position around, or never get on.
  const std::string w64 = "riff\x2e\x91\xcf\x11" + std::string(32, '\0');
  EXPECT_FALSE(promised(w64 + std::string(16, 'x') +
                        test::little_endian(std::numeric_limits<std::uint64_t>::max(), 8)));
  EXPECT_FALSE(promised(w64 + std::string(16, 'x') + test::little_endian(0, 8) + std::string(100, '\0')));
}

}  // namespace
}  // namespace gainstage
