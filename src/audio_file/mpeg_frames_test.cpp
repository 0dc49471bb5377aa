// SPDX-License-Identifier: MIT
#include "audio_file/mpeg_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using ::testing::HasSubstr;

ReadAt reading(const std::string& bytes) {
  return [&bytes](std::uint64_t offset, std::span<std::byte> to) -> std::size_t {
    if (offset >= bytes.size()) return 0;
    const std::size_t count = std::min<std::size_t>(to.size(), bytes.size() - offset);
    std::memcpy(to.data(), bytes.data() + offset, count);
    return count;
  };
}

// A silent MPEG-1 layer III frame, 44.1 kHz, stereo: 144 * bit rate / sample rate bytes.
std::string frame_128k() { return "\xff\xfb\x90" + std::string(417 - 3, '\0'); }
std::string frame_320k() { return "\xff\xfb\xe0" + std::string(1044 - 3, '\0'); }

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::string info_frame(unsigned frames) {
  std::string frame = frame_128k();
  const std::string index = {'I',
                             'n',
                             'f',
                             'o',
                             0,
                             0,
                             0,
                             1,
                             static_cast<char>(frames >> 24),
                             static_cast<char>(frames >> 16),
                             static_cast<char>(frames >> 8),
                             static_cast<char>(frames)};
  return frame.replace(36, index.size(), index);
}

TEST(MpegFrames, AreCounted) {
  const std::string mp3 = repeated(frame_128k(), 10) + repeated(frame_320k(), 3);
  const auto found = count_mpeg_frames(reading(mp3));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->present, 13 * 1152);
  EXPECT_FALSE(found->promised);
}

TEST(MpegFrames, AreFoundAfterATagAndBetweenOtherBytes) {
  const std::string tag = std::string("ID3\x04\x00\x00\x00\x00\x02\x00", 10) + std::string(256, '\x11');
  const std::string mp3 = tag + repeated(frame_128k(), 4) + "some other bytes" + repeated(frame_128k(), 5);
  EXPECT_EQ(count_mpeg_frames(reading(mp3))->present, 9 * 1152);
}

TEST(MpegFrames, AreWhatTheIndexPromisesAndWhatIsThere) {
  const std::string mp3 = info_frame(20) + repeated(frame_128k(), 12) + frame_128k().substr(0, 100);
  const auto found = count_mpeg_frames(reading(mp3));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->promised, 20 * 1152);
  EXPECT_EQ(found->present, 12 * 1152);
}

TEST(MpegFrames, AreNotFoundInOtherBytes) {
  EXPECT_FALSE(count_mpeg_frames(reading("")));
  EXPECT_FALSE(count_mpeg_frames(reading(std::string(100'000, '\xff'))));
  EXPECT_FALSE(count_mpeg_frames(reading(std::string(100'000, 'x'))));
}

TEST(Mp3, OfAVariableRateWithoutAnIndexIsRefusedForItsEndWouldBeLost) {
  const test::TemporaryFolder folder;
  test::put_bytes(folder / "a.mp3", frame_320k() + repeated(frame_128k(), 200));
  const auto reader = AudioReader::open(folder / "a.mp3");
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().sentence, HasSubstr("no index"));
}

TEST(Mp3, OfAConstantRateIsReadToItsEnd) {
  const test::TemporaryFolder folder;
  test::put_bytes(folder / "a.mp3", repeated(frame_128k(), 200));
  auto reader = AudioReader::open(folder / "a.mp3");
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_EQ(reader->info().container, "MP3");
  EXPECT_EQ(reader->info().kind, SampleKind::floating);
  const auto samples = test::read_all(*reader, 2);
  ASSERT_TRUE(samples) << samples.error().sentence;
  EXPECT_NEAR(static_cast<double>((*samples)[0].size()), 200 * 1152, 2 * 1152);
  EXPECT_EQ(static_cast<Frames>((*samples)[0].size()), reader->info().frames);
}

TEST(Mp3, ThatIsCutOffSaysSo) {
  const test::TemporaryFolder folder;
  test::put_bytes(folder / "a.mp3", info_frame(200) + repeated(frame_128k(), 120));
  auto reader = AudioReader::open(folder / "a.mp3");
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_TRUE(reader->info().is_truncated);
  EXPECT_EQ(reader->info().missing_frames, 80 * 1152);
  EXPECT_EQ(static_cast<Frames>(test::read_all(*reader, 2).value()[0].size()), reader->info().frames);
}

}  // namespace
}  // namespace gainstage
