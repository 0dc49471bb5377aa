// SPDX-License-Identifier: MIT
// Memory stays bounded however many channels and hours a session has. Linux: /proc is read.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "engine/engine.h"
#include "engine/measure_build.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif

/// Greatest resident memory of this process so far.
double peak_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != "VmHWM:") continue;
    double kilobytes = 0.0;
    status >> kilobytes;
    return kilobytes / 1024.0;
  }
  return 0.0;
}

/// A 16-bit WAV whose samples are a hole in the file: silence that takes no room on the disk.
void write_sparse_wav(const std::string& path, std::uint16_t channels, std::uint32_t rate_hz,
                      std::uint32_t seconds) {
  const std::uint32_t bytes = rate_hz * seconds * channels * 2u;
  const auto number = [](std::uint32_t value, int size) {
    std::string text;
    for (int i = 0; i < size; ++i) text += static_cast<char>((value >> (8 * i)) & 0xffu);
    return text;
  };
  put_bytes(path, "RIFF" + number(36 + bytes, 4) + "WAVEfmt " + number(16, 4) + number(1, 2) +
                      number(channels, 2) + number(rate_hz, 4) + number(rate_hz * channels * 2u, 4) +
                      number(channels * 2u, 2) + number(16, 2) + "data" + number(bytes, 4));
  std::filesystem::resize_file(path, 44 + bytes);
}

// The promise is 300 MB for ten hours of 64 channels. What grows with time is the statistics: under 10 MB for
// an hour of a track. So the rest may take 200 MB, here with every meter and the build at work on 64
// channels.
TEST(Memory, StaysBoundedWithSixtyFourChannels) {
  if (peak_megabytes() == 0.0) GTEST_SKIP() << "no /proc/self/status to read the memory from";
  if (is_sanitized) GTEST_SKIP() << "a sanitizer's own memory would be measured";
  TestSession folder;
  Session session = folder.session();
  session.channels = 64;
  constexpr std::uint32_t seconds = 8;
  const std::string path = folder.folder() / "all.wav";
  write_sparse_wav(path, 64, 48000, seconds);
  session.tracks.push_back({"all.wav", path, 48000.0, 64, Frames{48000} * seconds});
  const auto measured = measure_session(session, {});
  ASSERT_TRUE(measured) << measured.error().sentence;
  const auto build = measure_build(session, {{0}}, {{0.0}}, {});
  ASSERT_TRUE(build) << build.error().sentence;
  ASSERT_TRUE(render_mix(session, {{0.0}}, folder.folder() / "mix.wav", {}));
  EXPECT_LT(peak_megabytes(), 200.0);
}

}  // namespace
}  // namespace gainstage
