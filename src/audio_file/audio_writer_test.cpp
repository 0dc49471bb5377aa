// SPDX-License-Identifier: MIT
#include "audio_file/audio_writer.h"

#include <gtest/gtest.h>

#include "audio_file/audio_reader.h"
#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;

TEST(AudioWriter, LeavesNothingWhenItIsNotCommitted) {
  const TemporaryFolder folder;
  {
    auto writer = AudioWriter::create(folder / "a.wav", {}, Overwrite::no);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->write(test::noise(2, 1'000).view()));
  }
  EXPECT_TRUE(folder.names().empty());
}

TEST(AudioWriter, CopiesAFileOfAsManyBitsExactly) {
  for (const SampleFormat bits : {SampleFormat::pcm16, SampleFormat::pcm24}) {
    for (const Container container : {Container::wav, Container::flac}) {
      const TemporaryFolder folder;
      const WriteFormat format{.container = container, .sample_format = bits};
      ASSERT_TRUE(test::write_audio(folder / "a", format, test::noise(2, 10'000)));
      auto first = AudioReader::open(folder / "a");
      ASSERT_TRUE(first) << first.error().sentence;
      AudioBuffer samples(2, 10'000);
      ASSERT_EQ(first->read(samples.view()).value(), 10'000u);
      ASSERT_TRUE(test::write_audio(folder / "b", format, samples));
      EXPECT_EQ(test::bytes_of(folder / "a"), test::bytes_of(folder / "b"));
    }
  }
}

}  // namespace
}  // namespace gainstage
