// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>

#include "audio_file/audio_reader.h"
#include "audio_file/audio_writer.h"
#include "audio_file/test_files.h"

namespace gainstage {
namespace {

TEST(Rf64, IsWhatAWavPast4GibBecomes) {
  const test::TemporaryFolder folder;
  if (std::filesystem::space(folder.path()).available < (std::uint64_t{6} << 30)) {
    GTEST_SKIP() << "There are no 6 GiB free for a file past 4 GiB.";
  }
  constexpr std::size_t channels = 64;
  constexpr std::size_t block_frames = 4096;  // 1 MiB.
  constexpr std::size_t blocks = 4 * 1024 + 1;
  AudioBuffer block(channels, block_frames);
  auto writer = AudioWriter::create(
      folder / "a.wav", {.sample_format = SampleFormat::float32, .channels = channels}, Overwrite::no);
  ASSERT_TRUE(writer);
  for (std::size_t i = 0; i + 1 < blocks; ++i) ASSERT_TRUE(writer->write(block.view()));
  block.view().channel(63)[block_frames - 1] = 0.25f;
  ASSERT_TRUE(writer->write(block.view()));
  ASSERT_TRUE(writer->commit());

  auto reader = AudioReader::open(folder / "a.wav");
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_EQ(reader->info().container, "RF64");
  EXPECT_FALSE(reader->info().is_truncated);
  ASSERT_EQ(reader->info().frames, static_cast<Frames>(blocks * block_frames));
  ASSERT_TRUE(reader->seek(reader->info().frames - 1));
  AudioBuffer last(channels, 2);
  ASSERT_EQ(reader->read(last.view()).value(), 1u);
  EXPECT_EQ(last.view().channel(63)[0], 0.25f);
}

}  // namespace
}  // namespace gainstage
