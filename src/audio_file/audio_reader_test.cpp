// SPDX-License-Identifier: MIT
#include "audio_file/audio_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "audio_file/test_files.h"

// libvorbis 1.3.7 leaks a few bytes for every stream it encodes with six channels; the sanitizer is not to
// stop for them.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_encode_setup_init\n"; }

namespace gainstage {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;
using enum Speaker;

Error refusal(const std::string& path) {
  const auto reader = AudioReader::open(path);
  EXPECT_FALSE(reader) << path << " was opened";
  return reader ? Error{} : reader.error();
}

// Writes with libsndfile itself, for formats AudioWriter does not make.
void write_ints(const std::string& path, int format, int channels, const std::vector<int>& interleaved,
                std::vector<int> channel_map = {}) {
  SF_INFO info{};
  info.format = format;
  info.channels = channels;
  info.samplerate = 48000;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr) << sf_strerror(nullptr);
  if (!channel_map.empty()) {
    ASSERT_EQ(sf_command(file, SFC_SET_CHANNEL_MAP_INFO, channel_map.data(),
                         static_cast<int>(channel_map.size() * sizeof(int))),
              SF_TRUE);
  }
  const auto count = static_cast<sf_count_t>(interleaved.size());
  ASSERT_EQ(sf_write_int(file, interleaved.data(), count), count);
  ASSERT_EQ(sf_close(file), 0);
}

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
  EXPECT_EQ(reader->info().container, "WAV");
  auto read = test::read_all(*reader, 3);
  ASSERT_TRUE(read) << read.error().sentence;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto written = samples.view().channel(c);
    EXPECT_EQ((*read)[c], std::vector<float>(written.begin(), written.end()));
  }
}

TEST(AudioReader, PassesNonFiniteSamplesThrough) {
  const TemporaryFolder folder;
  const float nan = std::numeric_limits<float>::quiet_NaN();
  SF_INFO info{};
  info.samplerate = 48000;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  SNDFILE* file = sf_open((folder / "a.wav").c_str(), SFM_WRITE, &info);
  const std::array<float, 2> samples{nan, std::numeric_limits<float>::infinity()};
  ASSERT_EQ(sf_write_float(file, samples.data(), 2), 2);
  sf_close(file);
  auto reader = AudioReader::open(folder / "a.wav");
  auto read = test::read_all(*reader, 1);
  EXPECT_TRUE(std::isnan((*read)[0][0]));
  EXPECT_TRUE(std::isinf((*read)[0][1]));
}

TEST(AudioReader, DoesNotDependOnBlockSize) {
  const TemporaryFolder folder;
  ASSERT_TRUE(test::write_audio(folder / "a.flac", {.container = Container::flac}, test::noise(2, 20'000)));
  auto whole = AudioReader::open(folder / "a.flac");
  const auto wanted = test::read_all(*whole, 2, 30'000).value();
  for (const std::size_t frames : {1u, 7u, 4095u, 19'999u}) {
    auto reader = AudioReader::open(folder / "a.flac");
    EXPECT_EQ(test::read_all(*reader, 2, frames).value(), wanted) << frames;
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
  EXPECT_FALSE(reader->seek(10'001));
}

TEST(AudioReader, CeilingIsTheGreatestSampleOfAnIntegerFile) {
  const TemporaryFolder folder;
  const int greatest = std::numeric_limits<int>::max();
  for (const auto& [subtype, bits] : {std::pair{SF_FORMAT_PCM_U8, 8},
                                      {SF_FORMAT_PCM_16, 16},
                                      {SF_FORMAT_PCM_24, 24},
                                      {SF_FORMAT_PCM_32, 32}}) {
    const std::string path = folder / std::to_string(bits);
    write_ints(path, SF_FORMAT_WAV | subtype, 1, {greatest, 0});
    auto reader = AudioReader::open(path);
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->info().bits, bits);
    EXPECT_EQ(reader->info().kind, SampleKind::integer);
    const float peak = test::read_all(*reader, 1).value()[0][0];
    EXPECT_EQ(static_cast<double>(peak), reader->info().ceiling()) << bits << " bits";
  }
}

TEST(AudioReader, KeepsTheFilesOwnChannelMap) {
  const TemporaryFolder folder;
  const auto layout = [&](const char* name, int format, std::vector<int> map) {
    write_ints(folder / name, format, static_cast<int>(map.size()), std::vector<int>(map.size(), 0), map);
    return AudioReader::open(folder / name)->info().layout;
  };
  const int wavex = SF_FORMAT_WAVEX | SF_FORMAT_PCM_16;
  // 5.1 with back speakers: they are the surround pair.
  EXPECT_EQ(layout("5.1", wavex,
                   {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_CENTER, SF_CHANNEL_MAP_LFE,
                    SF_CHANNEL_MAP_REAR_LEFT, SF_CHANNEL_MAP_REAR_RIGHT}),
            (std::vector{front, front, front, lfe, surround, surround}));
  // 7.1: only the side pair stands within 60 to 120 degrees.
  EXPECT_EQ(layout("7.1", wavex,
                   {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_CENTER, SF_CHANNEL_MAP_LFE,
                    SF_CHANNEL_MAP_REAR_LEFT, SF_CHANNEL_MAP_REAR_RIGHT, SF_CHANNEL_MAP_SIDE_LEFT,
                    SF_CHANNEL_MAP_SIDE_RIGHT}),
            (std::vector{front, front, front, lfe, other, other, surround, surround}));
  // Quadraphonic where the usual order of four would be L R Ls Rs too, but with an LFE at the end.
  EXPECT_EQ(layout("3.1", wavex,
                   {SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_CENTER, SF_CHANNEL_MAP_LFE}),
            (std::vector{front, front, front, lfe}));
}

TEST(AudioReader, TellsWhetherTheFileNamesItsChannels) {
  const TemporaryFolder folder;
  const std::vector<int> quad{SF_CHANNEL_MAP_LEFT, SF_CHANNEL_MAP_RIGHT, SF_CHANNEL_MAP_REAR_LEFT,
                              SF_CHANNEL_MAP_REAR_RIGHT};
  write_ints(folder / "named", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 4, std::vector<int>(4, 0), quad);
  write_ints(folder / "plain", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 4, std::vector<int>(4, 0));
  write_ints(folder / "stereo", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, std::vector<int>(2, 0));
  const AudioFileInfo named = AudioReader::open(folder / "named")->info();
  EXPECT_EQ(named.positions, usual_positions(4));
  EXPECT_TRUE(named.are_positions_known);
  EXPECT_EQ(AudioReader::open(folder / "plain")->info().positions, usual_positions(4));
  EXPECT_FALSE(AudioReader::open(folder / "plain")->info().are_positions_known);
  EXPECT_TRUE(AudioReader::open(folder / "stereo")->info().are_positions_known);
}

TEST(AudioReader, TakesTheOrderOfVorbisForOgg) {
  const TemporaryFolder folder;
  write_ints(folder / "a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 6, std::vector<int>(6 * 4800, 1 << 20));
  EXPECT_EQ(AudioReader::open(folder / "a.ogg")->info().layout,
            (std::vector{front, front, front, surround, surround, lfe}));
}

TEST(AudioReader, KnowsTheUsualOrders) {
  EXPECT_EQ(default_layout(1), (std::vector{front}));
  EXPECT_EQ(default_layout(6), (std::vector{front, front, front, lfe, surround, surround}));
  EXPECT_EQ(default_layout(64), std::vector(64, other));
}

TEST(AudioReader, RefusesWhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder / "none.wav").sentence, HasSubstr("no such file"));
  EXPECT_THAT(refusal(folder / "none/none.wav").sentence, HasSubstr("no such file"));
  EXPECT_THAT(refusal(folder.path().string()).sentence, HasSubstr("a folder"));
  std::filesystem::create_symlink("loop.wav", folder / "loop.wav");
  EXPECT_THAT(refusal(folder / "loop.wav").sentence, HasSubstr("symbolic link"));
  ASSERT_EQ(mkfifo((folder / "pipe.wav").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder / "pipe.wav").sentence, HasSubstr("pipe"));
  EXPECT_THAT(refusal("/dev/zero").sentence, HasSubstr("device"));
  test::put_bytes(folder / "empty.wav", "");
  EXPECT_THAT(refusal(folder / "empty.wav").sentence, HasSubstr("empty"));
  test::put_bytes(folder / "text.wav", "This is no audio at all, but long enough for a header of one.");
  const Error error = refusal(folder / "text.wav");
  EXPECT_THAT(error.sentence, HasSubstr("can't be read as audio"));
  EXPECT_EQ(error.code, ErrorCode::bad_input);
  EXPECT_EQ(error.where.file, folder / "text.wav");
}

TEST(AudioReader, RefusesHeadersOfNoUse) {
  const TemporaryFolder folder;
  const auto sentence = [&](test::WavHeader header) {
    test::put_bytes(folder / "a.wav", test::wav_bytes(header, std::string(1040, '\0')));
    return refusal(folder / "a.wav").sentence;
  };
  EXPECT_THAT(sentence({.channels = 0}), HasSubstr("no channels"));
  EXPECT_THAT(sentence({.channels = 65}), HasSubstr("65 channels; at most 64"));
  EXPECT_THAT(sentence({.rate_hz = 0}), HasSubstr("no sample rate"));
  EXPECT_THAT(sentence({.rate_hz = 4'000'000'000}), HasSubstr("no sample rate"));
  EXPECT_THAT(sentence({.rate_hz = 7'999}), HasSubstr("7999 Hz; from 8000 to 384000 Hz"));
  EXPECT_THAT(sentence({.rate_hz = 384'001}), HasSubstr("384001 Hz"));
  EXPECT_THAT(sentence({.bits = 0}), HasSubstr("can't be read as audio"));
}

TEST(AudioReader, ReadsOneTo64ChannelsAt8To384Kilohertz) {
  const TemporaryFolder folder;
  for (const double rate_hz : {8'000.0, 384'000.0}) {
    for (const std::size_t channels : {1u, 64u}) {
      const AudioBuffer samples = test::noise(channels, 500);
      const std::string path = folder / std::to_string(rate_hz * static_cast<double>(channels));
      ASSERT_TRUE(test::write_audio(
          path, {.sample_format = SampleFormat::float32, .sample_rate_hz = rate_hz, .channels = channels},
          samples));
      auto reader = AudioReader::open(path);
      ASSERT_TRUE(reader) << reader.error().sentence;
      const auto read = test::read_all(*reader, channels).value();
      EXPECT_EQ(read[channels - 1][499], samples.view().channel(channels - 1)[499]);
    }
  }
}

// Ten hours of 64 channels are 415 GB; the file is a header and a hole.
TEST(AudioReader, ReadsTenHoursOf64ChannelsInLittleMemory) {
  const TemporaryFolder folder;
  constexpr std::uint64_t frames = 10ull * 3600 * 48000;
  constexpr std::uint64_t data_bytes = frames * 64 * 3;
  const std::string header =
      test::rf64_header({.channels = 64, .rate_hz = 48000, .bits = 24}, data_bytes, frames);
  test::put_bytes(folder / "a.wav", header);
  if (truncate((folder / "a.wav").c_str(), static_cast<off_t>(header.size() + data_bytes)) != 0) {
    GTEST_SKIP() << "This file system has no files of 332 GB with holes.";
  }
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  auto reader = AudioReader::open(folder / "a.wav");
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_EQ(reader->info().frames, static_cast<Frames>(frames));
  EXPECT_FALSE(reader->info().is_truncated);
  AudioBuffer block(64, 4096);
  for (const Frames at : {Frames{0}, Frames{frames / 2}, Frames{frames - 4096}}) {
    ASSERT_TRUE(reader->seek(at));
    ASSERT_EQ(reader->read(block.view()).value(), 4096u);
  }
  EXPECT_EQ(reader->read(block.view()).value(), 0u);
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 20 * 1024) << "KiB";
}

}  // namespace
}  // namespace gainstage
