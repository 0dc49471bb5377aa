// SPDX-License-Identifier: MIT
// Files that are cut off, wrong or broken: read as far as can be, or refused with a sentence; never a silent
// loss.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "audio_file/audio_reader.h"
#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;
using ::testing::EndsWith;
using ::testing::HasSubstr;

struct Outcome {
  bool is_open = false;
  AudioFileInfo info;
  Frames frames_read = 0;
  std::optional<Error> error;
};

Outcome read_through(const std::string& path) {
  Outcome outcome;
  auto reader = AudioReader::open(path);
  if (!reader) {
    outcome.error = reader.error();
    return outcome;
  }
  outcome.is_open = true;
  AudioBuffer block(reader->info().channels(), 512);
  for (;;) {
    const auto got = reader->read(block.view());
    if (!got) outcome.error = got.error();
    if (!got || *got == 0) break;
    outcome.frames_read += static_cast<Frames>(*got);
  }
  outcome.info = reader->info();
  return outcome;
}

void expect_read_or_refused(const Outcome& outcome, const std::string& path, const std::string& what) {
  if (outcome.error) {
    EXPECT_GT(outcome.error->sentence.size(), 20u) << what;
    EXPECT_THAT(outcome.error->sentence, EndsWith(".")) << what;
    EXPECT_EQ(outcome.error->where.file, path) << what;
  } else {
    EXPECT_EQ(outcome.frames_read, outcome.info.frames) << what;
  }
}

std::string written(const TemporaryFolder& folder, const WriteFormat& format, std::size_t frames) {
  const std::string path = folder / "whole";
  EXPECT_TRUE(test::write_audio(path, format, test::noise(format.channels, frames)));
  std::string bytes = test::bytes_of(path);
  std::filesystem::remove(path);
  return bytes;
}

TEST(TruncatedFile, IsReadAsFarAsItGoesAndSaysWhatIsMissing) {
  const TemporaryFolder folder;
  for (const Container container : {Container::wav, Container::flac}) {
    const std::string whole = written(folder, {.container = container}, 48'000);
    const std::string path = folder / "cut";
    test::put_bytes(path, std::string_view(whole).substr(0, whole.size() / 2));
    const Outcome outcome = read_through(path);
    ASSERT_FALSE(outcome.error) << outcome.error->sentence;
    EXPECT_TRUE(outcome.info.is_truncated);
    EXPECT_NEAR(static_cast<double>(outcome.frames_read), 24'000, 4'500);
    EXPECT_EQ(outcome.info.frames, outcome.frames_read);
    EXPECT_EQ(outcome.info.frames + outcome.info.missing_frames, 48'000);
  }
}

TEST(TruncatedFile, IsKnownWhenItIsOpened) {
  const TemporaryFolder folder;
  const std::string whole = written(folder, {.container = Container::flac}, 48'000);
  test::put_bytes(folder / "cut", std::string_view(whole).substr(0, whole.size() / 2));
  EXPECT_TRUE(AudioReader::open(folder / "cut")->info().is_truncated);
}

TEST(TruncatedFile, AtAnyByteIsReadOrRefused) {
  const TemporaryFolder folder;
  for (const Container container : {Container::wav, Container::flac}) {
    const std::string whole = written(folder, {.container = container}, 60);
    ASSERT_LT(whole.size(), 10'000u);
    const std::string path = folder / "cut";
    for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
      test::put_bytes(path, std::string_view(whole).substr(0, bytes));
      const Outcome outcome = read_through(path);
      expect_read_or_refused(outcome, path, "cut at byte " + std::to_string(bytes));
      EXPECT_TRUE(outcome.error || outcome.info.is_truncated) << "cut at byte " << bytes;
    }
  }
}

TEST(LengthOfAStream, IsFoundThoughTheHeaderDoesNotSayIt) {
  const TemporaryFolder folder;
  // What ffmpeg and SoX write into a pipe.
  for (const std::uint32_t size : {0xffffffffu, 0x7ffff000u}) {
    test::put_bytes(folder / "a.wav", test::wav_bytes({.data_bytes = size}, std::string(4'000, '\1')));
    const Outcome outcome = read_through(folder / "a.wav");
    EXPECT_EQ(outcome.frames_read, 1'000);
    EXPECT_FALSE(outcome.info.is_truncated);
  }
  std::string flac = written(folder, {.container = Container::flac}, 48'000);
  test::set_flac_length(flac, 0);
  test::put_bytes(folder / "a.flac", flac);
  EXPECT_EQ(AudioReader::open(folder / "a.flac")->info().frames, 48'000);
  EXPECT_EQ(read_through(folder / "a.flac").frames_read, 48'000);
}

TEST(WrongLength, OfAFlacThatGoesOnIsRefused) {
  const TemporaryFolder folder;
  std::string flac = written(folder, {.container = Container::flac}, 48'000);
  test::set_flac_length(flac, 20'000);
  test::put_bytes(folder / "a.flac", flac);
  const Outcome outcome = read_through(folder / "a.flac");
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->sentence, HasSubstr("more audio follows"));
}

TEST(WrongLength, AbsurdlyLongIsATruncatedFile) {
  const TemporaryFolder folder;
  std::string flac = written(folder, {.container = Container::flac}, 48'000);
  test::set_flac_length(flac, 0xfffffffff);
  test::put_bytes(folder / "a.flac", flac);
  const Outcome outcome = read_through(folder / "a.flac");
  ASSERT_FALSE(outcome.error) << outcome.error->sentence;
  EXPECT_EQ(outcome.info.frames, 48'000);
  EXPECT_EQ(outcome.info.missing_frames, 0xfffffffff - 48'000);
}

TEST(Rf64, WithAWrongLengthIsReadAsFarAsItGoes) {
  const TemporaryFolder folder;
  const std::string samples(4'000, '\1');
  const auto outcome = [&](std::uint64_t data_bytes, std::uint64_t frames) {
    test::put_bytes(folder / "a.wav", test::rf64_header({}, data_bytes, frames) + samples);
    return read_through(folder / "a.wav");
  };
  EXPECT_EQ(outcome(4'000, 1'000).frames_read, 1'000);
  EXPECT_FALSE(outcome(4'000, 1'000).info.is_truncated);
  EXPECT_EQ(outcome(4'000, 1ull << 50).frames_read, 1'000);
  EXPECT_EQ(outcome(1ull << 60, 1ull << 58).frames_read, 1'000);
  EXPECT_TRUE(outcome(1ull << 60, 1ull << 58).info.is_truncated);
  expect_read_or_refused(outcome(~0ull, ~0ull), folder / "a.wav", "all ones");
}

TEST(Rf64, ThatWasNotClosedIsRefusedAndNotTakenAsSilence) {
  const TemporaryFolder folder;
  test::put_bytes(folder / "a.wav", test::rf64_header({}, 0, 0) + std::string(4'000, '\1'));
  const Outcome outcome = read_through(folder / "a.wav");
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->sentence, HasSubstr("was not closed"));
}

TEST(DamagedFile, NamesTheSecond) {
  const TemporaryFolder folder;
  std::string flac = written(folder, {.container = Container::flac}, 96'000);
  for (std::size_t i = flac.size() / 2; i < flac.size() / 2 + 40; ++i)
    flac[i] = static_cast<char>(flac[i] ^ 0x5a);
  test::put_bytes(folder / "a.flac", flac);
  const Outcome outcome = read_through(folder / "a.flac");
  ASSERT_TRUE(outcome.error);
  EXPECT_TRUE(outcome.is_open);
  EXPECT_THAT(outcome.error->sentence, HasSubstr("damaged near"));
  ASSERT_TRUE(outcome.error->where.seconds);
  EXPECT_NEAR(*outcome.error->where.seconds, 1.0, 0.15);
}

TEST(DamagedFile, WithAnyBitsFlippedIsReadOrRefused) {
  const TemporaryFolder folder;
  std::mt19937 random(7);
  for (const Container container : {Container::wav, Container::flac}) {
    const std::string whole = written(folder, {.container = container}, 200);
    for (int i = 0; i < 300; ++i) {
      std::string bytes = whole;
      for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
        char& byte = bytes[random() % std::min<std::size_t>(bytes.size(), random() % 2 ? 100 : 1'000'000)];
        byte = static_cast<char>(byte ^ (1 << random() % 8));
      }
      const std::string path = folder / "flipped";
      test::put_bytes(path, bytes);
      expect_read_or_refused(read_through(path), path, "flip " + std::to_string(i));
    }
  }
}

TEST(OddAudio, IsReadOrRefused) {
  const std::filesystem::path odd = GAINSTAGE_SOURCE_DIR "/../shared/data/odd-audio";
  if (!std::filesystem::is_directory(odd))
    GTEST_SKIP() << "The folder of odd audio files is not on this machine.";
  std::size_t read = 0;
  std::size_t refused = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(odd)) {
    if (!entry.is_regular_file()) continue;
    const Outcome outcome = read_through(entry.path());
    expect_read_or_refused(outcome, entry.path(), entry.path());
    ++(outcome.error ? refused : read);
  }
  EXPECT_GT(read, 30u);
  EXPECT_GT(refused, 10u);
}

}  // namespace
}  // namespace gainstage
