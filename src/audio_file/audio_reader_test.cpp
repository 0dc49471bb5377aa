// SPDX-License-Identifier: MIT
#include "audio_file/audio_reader.h"

#include <gtest/gtest.h>

#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;

TEST(AudioReader, GivesBackTheFloatSamplesThatWereWrittenEvenBeyondFullScale) {
  const TemporaryFolder folder;
  const AudioBuffer samples = test::noise(3, 10'000, 4.0f);
  ASSERT_TRUE(
      test::write_audio(folder / "a.wav", {.sample_format = SampleFormat::float32, .channels = 3}, samples));
  auto reader = AudioReader::open(folder / "a.wav");
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_EQ(reader->info().channels(), 3u);
  EXPECT_EQ(reader->info().frames, 10'000);
  EXPECT_EQ(reader->info().kind, SampleKind::floating);
  auto read = test::read_all(*reader, 3);
  ASSERT_TRUE(read) << read.error().sentence;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto written = samples.view().channel(c);
    EXPECT_EQ((*read)[c], std::vector<float>(written.begin(), written.end()));
  }
}

TEST(AudioReader, SeeksToAFrame) {
  const TemporaryFolder folder;
  const AudioBuffer samples = test::noise(2, 10'000);
  ASSERT_TRUE(test::write_audio(folder / "a.wav", {.sample_format = SampleFormat::float32}, samples));
  auto reader = AudioReader::open(folder / "a.wav");
  ASSERT_TRUE(reader);
  ASSERT_TRUE(reader->seek(7'000));
  AudioBuffer block(2, 10);
  ASSERT_EQ(reader->read(block.view()).value(), 10u);
  EXPECT_EQ(block.view().channel(1)[3], samples.view().channel(1)[7'003]);
}

TEST(AudioReader, RefusesAMissingFile) {
  const TemporaryFolder folder;
  const auto reader = AudioReader::open(folder / "none.wav");
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::bad_input);
  EXPECT_EQ(reader.error().where.file, folder / "none.wav");
}

}  // namespace
}  // namespace gainstage
