// SPDX-License-Identifier: MIT
// What is read past libsndfile is what libsndfile reads, to the last bit.
#include "audio_file/plain_samples.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <random>

#include "audio_file/sound_file.h"
#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;

constexpr int subtypes[] = {SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24,
                            SF_FORMAT_PCM_32, SF_FORMAT_FLOAT,  SF_FORMAT_DOUBLE};

// A file of random bytes as samples, its header by libsndfile; random doubles are numbers, so that they can
// be compared.
void write_random(const std::string& path, int format, int channels, std::size_t frames) {
  SF_INFO info{};
  info.format = format;
  info.channels = channels;
  info.samplerate = 48000;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  std::mt19937 random(7);
  std::vector<unsigned char> bytes(frames * static_cast<std::size_t>(channels) *
                                   stored_samples(format).bytes);
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random());
  if ((format & SF_FORMAT_SUBMASK) == SF_FORMAT_DOUBLE) {
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(double)) {
      const double value = std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 80) - 64);
      std::memcpy(bytes.data() + at, &value, sizeof value);
    }
  }
  const auto count = static_cast<sf_count_t>(bytes.size());
  ASSERT_EQ(sf_write_raw(file, bytes.data(), count), count);
  ASSERT_EQ(sf_close(file), 0);
}

// libsndfile's own reading.
std::vector<std::vector<float>> read_by_library(const std::string& path, Frames from = 0) {
  const OpenedSoundFile opened = open_sound_file(path);
  const auto channels = static_cast<std::size_t>(opened.info.channels);
  std::vector<std::vector<float>> samples(channels);
  std::vector<float> frame(channels);
  EXPECT_EQ(sf_seek(opened.file.get(), from, SEEK_SET), from);
  while (sf_readf_float(opened.file.get(), frame.data(), 1) == 1) {
    for (std::size_t c = 0; c < channels; ++c) samples[c].push_back(frame[c]);
  }
  return samples;
}

void expect_same(const std::vector<std::vector<float>>& ours, const std::vector<std::vector<float>>& theirs,
                 const std::string& what) {
  ASSERT_EQ(ours.size(), theirs.size()) << what;
  for (std::size_t c = 0; c < ours.size(); ++c) {
    ASSERT_EQ(ours[c].size(), theirs[c].size()) << what;
    for (std::size_t i = 0; i < ours[c].size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(ours[c][i]), std::bit_cast<std::uint32_t>(theirs[c][i]))
          << what << ", channel " << c << ", frame " << i;
    }
  }
}

bool is_plain(const std::string& path) {
  const OpenedSoundFile opened = open_sound_file(path);
  return opened.file && PlainSamples::open(path, opened.file.get(), opened.info) != nullptr;
}

TEST(PlainSamples, AreThoseOfTheLibraryInEveryFormatAndWidth) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  for (const int container : {SF_FORMAT_WAV, SF_FORMAT_WAVEX, SF_FORMAT_RF64}) {
    for (const int subtype : subtypes) {
      for (const int channels : {1, 2, 3, 4, 5, 6, 7, 8, 64}) {
        const std::string what =
            "format " + std::to_string(container | subtype) + ", " + std::to_string(channels) + " channels";
        write_random(path, container | subtype, channels, 500);
        ASSERT_TRUE(is_plain(path)) << what;
        auto reader = AudioReader::open(path);
        ASSERT_TRUE(reader) << reader.error().sentence;
        const auto width = static_cast<std::size_t>(channels);
        expect_same(test::read_all(*reader, width, 77).value(), read_by_library(path), what);
        for (const Frames at : {0, 1, 250, 499, 500}) {
          ASSERT_TRUE(reader->seek(at)) << what;
          expect_same(test::read_all(*reader, width, 100).value(), read_by_library(path, at), what);
        }
      }
    }
  }
}

TEST(PlainSamples, DoNotDependOnWhatIsReadAhead) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  write_random(path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, 150'000);  // 900 kB.
  auto reader = AudioReader::open(path);
  const auto whole = test::read_all(*reader, 2, 200'000).value();
  expect_same(whole, read_by_library(path), "whole");
  for (const std::size_t block : {999u, 43'690u, 43'691u}) {
    ASSERT_TRUE(reader->seek(0));
    expect_same(test::read_all(*reader, 2, block).value(), whole, "blocks of " + std::to_string(block));
  }
  std::mt19937 random(5);
  AudioBuffer buffer(2, 50);
  for (int i = 0; i < 200; ++i) {
    const auto at = static_cast<std::size_t>(random() % 149'000);
    ASSERT_TRUE(reader->seek(static_cast<Frames>(at)));
    ASSERT_EQ(reader->read(buffer.view()).value(), 50u);
    for (std::size_t k = 0; k < 50; ++k) ASSERT_EQ(buffer.view().channel(1)[k], whole[1][at + k]);
  }
}

// Of a whole file in blocks, unpacked; with `small` a few frames are read as floats between the blocks.
std::vector<std::vector<float>> read_packed(const std::string& path, std::size_t channels, std::size_t block,
                                            std::size_t small) {
  auto reader = AudioReader::open(path).value();
  std::vector<std::vector<float>> samples(channels);
  while (true) {
    const auto bytes = reader.read_packed(block);
    if (!bytes || bytes->empty()) return samples;
    AudioBuffer buffer(channels, bytes->size() / channels / bytes_of(*reader.packed()));
    unpack(*reader.packed(), *bytes, buffer.view());
    AudioBuffer between(channels, small);
    const std::size_t got = reader.read(between.view()).value();
    for (std::size_t c = 0; c < channels; ++c) {
      samples[c].insert(samples[c].end(), buffer.view().channel(c).begin(), buffer.view().channel(c).end());
      const auto few = between.view(got).channel(c);
      samples[c].insert(samples[c].end(), few.begin(), few.end());
    }
  }
}

TEST(PlainSamples, AreTheSameInTheirOwnBytes) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  for (const int subtype : {SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_FLOAT}) {
    for (const int channels : {1, 2, 6}) {
      write_random(path, SF_FORMAT_WAV | subtype, channels, 50'000);
      const auto expected = read_by_library(path);
      for (const std::size_t block : {1'000u, 17'000u, 50'000u, 60'000u}) {
        for (const std::size_t small : {0u, 77u}) {
          expect_same(read_packed(path, static_cast<std::size_t>(channels), block, small), expected,
                      "blocks of " + std::to_string(block));
        }
      }
    }
  }
}

TEST(PlainSamples, InTheirOwnBytesEndWhereAShrunkenFileEnds) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  write_random(path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, 150'000);
  auto reader = AudioReader::open(path);
  ASSERT_TRUE(reader);
  ASSERT_EQ(reader->read_packed(20'000)->size(), 120'000u);
  std::filesystem::resize_file(path, 600'000);
  EXPECT_EQ(reader->read_packed(100'000)->size() / 6, (600'000u - 44u) / 6u - 20'000u);
  EXPECT_TRUE(reader->info().is_truncated);
  EXPECT_TRUE(reader->read_packed(1'000)->empty());
}

TEST(PlainSamples, OfATruncatedFileAreThoseThatAreThere) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  write_random(path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, 500);
  const std::string bytes = test::bytes_of(path);
  for (const std::size_t cut : {1u, 5u, 6u, 7u, 1000u, 2990u}) {
    test::put_bytes(path, std::string_view(bytes).substr(0, bytes.size() - cut));
    EXPECT_TRUE(is_plain(path));
    auto reader = AudioReader::open(path);
    ASSERT_TRUE(reader);
    EXPECT_TRUE(reader->info().is_truncated);
    expect_same(test::read_all(*reader, 2).value(), read_by_library(path), std::to_string(cut));
  }
}

TEST(PlainSamples, OfAFileThatShrinksWhileItIsReadAreATruncatedFile) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  write_random(path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, 150'000);
  auto reader = AudioReader::open(path);
  AudioBuffer block(2, 10);
  ASSERT_TRUE(reader->read(block.view()));
  ASSERT_EQ(truncate(path.c_str(), 600'044), 0);
  const auto rest = test::read_all(*reader, 2);
  ASSERT_TRUE(rest) << rest.error().sentence;
  EXPECT_EQ((*rest)[0].size(), 99'990u);
  EXPECT_TRUE(reader->info().is_truncated);
  EXPECT_EQ(reader->info().frames, 100'000);
  EXPECT_EQ(reader->info().missing_frames, 50'000);
}

TEST(PlainSamples, BeginAfterChunksOfOddLength) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.wav";
  write_random(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, 500);
  std::string bytes = test::bytes_of(path);
  bytes.insert(12, "junk" + test::little_endian(3, 4) + "abc" + std::string(1, '\0'));
  bytes.replace(4, 4, test::little_endian(bytes.size() - 8, 4));
  test::put_bytes(path, bytes);
  EXPECT_TRUE(is_plain(path));
  auto reader = AudioReader::open(path);
  expect_same(test::read_all(*reader, 2).value(), read_by_library(path), "odd chunk");
}

TEST(PlainSamples, AreLeftToTheLibraryWhereTheyAreNotPlain) {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  for (const int format :
       {SF_FORMAT_AIFF | SF_FORMAT_PCM_16, SF_FORMAT_W64 | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_ULAW,
        SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG}) {
    write_random(path, format, 1, 500);
    EXPECT_FALSE(is_plain(path)) << format;
    EXPECT_TRUE(AudioReader::open(path)) << format;
  }
}

TEST(AudioReader, SaysThatAPlainFileEndsBeforeThePlaceSought) {
  const TemporaryFolder folder;
  write_random(folder / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 48'000);
  auto reader = AudioReader::open(folder / "a.wav");
  for (const Frames at : {Frames{48'001}, Frames{-1}}) {
    const auto sought = reader->seek(at);
    ASSERT_FALSE(sought);
    EXPECT_EQ(sought.error().sentence.find("The file can't be read from"), 0u) << sought.error().sentence;
  }
}

}  // namespace
}  // namespace gainstage
