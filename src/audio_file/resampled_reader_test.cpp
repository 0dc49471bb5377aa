// SPDX-License-Identifier: MIT
#include "audio_file/resampled_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;
using ::testing::Each;
using ::testing::HasSubstr;

AudioBuffer sine(std::size_t channels, std::size_t frames, double frequency_hz, double rate_hz) {
  AudioBuffer buffer(channels, frames);
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < frames; ++i) {
      const double phase = 2.0 * std::numbers::pi * frequency_hz * static_cast<double>(i) / rate_hz;
      buffer.view().channel(c)[i] = static_cast<float>(0.5 * std::sin(phase));
    }
  }
  return buffer;
}

void write_floats(const std::string& path, double rate_hz, const AudioBuffer& samples) {
  const auto written = test::write_audio(
      path,
      {.sample_format = SampleFormat::float32, .sample_rate_hz = rate_hz, .channels = samples.channels()},
      samples);
  ASSERT_TRUE(written) << written.error().sentence;
}

std::vector<std::vector<float>> resampled(const std::string& path, double rate_hz, std::size_t channels,
                                          std::size_t block_frames = 1000) {
  auto reader = ResampledReader::open(path, rate_hz, channels);
  EXPECT_TRUE(reader) << reader.error().sentence;
  return test::read_all(*reader, channels, block_frames).value();
}

TEST(ResampledReader, ReadsTheSameAfterSeeking) {
  for (const auto& [from_hz, to_hz] :
       {std::pair{44'100.0, 48'000.0}, {48'000.0, 44'100.0}, {96'000.0, 48'000.0}, {48'000.0, 48'000.0}}) {
    const TemporaryFolder folder;
    write_floats(folder / "a.wav", from_hz, sine(2, static_cast<std::size_t>(3.0 * from_hz), 997.0, from_hz));
    const auto whole = resampled(folder / "a.wav", to_hz, 2);
    auto reader = ResampledReader::open(folder / "a.wav", to_hz, 2);
    ASSERT_TRUE(reader);
    for (const double at_s : {2.0, 0.001, 1.234, 2.99, 0.0}) {
      const auto first = static_cast<std::size_t>(at_s * to_hz);
      ASSERT_TRUE(reader->seek(static_cast<Frames>(first)));
      AudioBuffer block(2, 2000);
      std::size_t frames = 0;
      while (frames < block.frames()) {
        const auto got = reader->read(block.view().section(frames, block.frames() - frames));
        ASSERT_TRUE(got);
        if (*got == 0) break;
        frames += *got;
      }
      ASSERT_EQ(frames, std::min<std::size_t>(2000, whole[0].size() - first)) << from_hz << " " << at_s;
      for (std::size_t i = 0; i < frames; ++i)
        ASSERT_NEAR(block.view().channel(1)[i], whole[1][first + i], 1e-6)
            << from_hz << " " << at_s << " " << i;
    }
  }
}

TEST(ResampledReader, IsDelayFreeAndHasTheExactLength) {
  for (const auto& [from_hz, to_hz] : {std::pair{44'100.0, 48'000.0},
                                       {48'000.0, 44'100.0},
                                       {96'000.0, 48'000.0},
                                       {8'000.0, 384'000.0},
                                       {48'017.0, 48'000.0}}) {
    const TemporaryFolder folder;
    const std::size_t frames = static_cast<std::size_t>(from_hz) + 77;
    write_floats(folder / "a.wav", from_hz, sine(1, frames, 441.0, from_hz));
    const auto out = resampled(folder / "a.wav", to_hz, 2);
    const auto length = static_cast<std::size_t>(std::llround(static_cast<double>(frames) * to_hz / from_hz));
    ASSERT_EQ(out[0].size(), length);
    EXPECT_EQ(out[0], out[1]);
    const AudioBuffer wanted = sine(1, length, 441.0, to_hz);
    for (std::size_t i = length / 10; i < length * 9 / 10;
         ++i) {  // Away from the ends, where the sine is cut.
      ASSERT_NEAR(out[0][i], wanted.view().channel(0)[i], 1e-6) << "frame " << i << ", " << from_hz << " Hz";
    }
  }
}

TEST(ResampledReader, HasTheExactLengthOfVeryShortFiles) {
  for (const std::size_t frames : {1u, 2u, 3u, 147u, 4095u, 4096u, 4097u}) {
    const TemporaryFolder folder;
    write_floats(folder / "a.wav", 44'100.0, test::noise(1, frames));
    const auto out = resampled(folder / "a.wav", 48'000.0, 2);
    EXPECT_EQ(out[0].size(),
              static_cast<std::size_t>(std::lround(static_cast<double>(frames) * 480.0 / 441.0)));
  }
}

TEST(ResampledReader, PutsAnImpulseAtTheFirstFrameAtTheFirstFrame) {
  const TemporaryFolder folder;
  AudioBuffer impulse(1, 4'410);
  impulse.view().channel(0)[0] = 1.0f;
  write_floats(folder / "a.wav", 44'100.0, impulse);
  const auto out = resampled(folder / "a.wav", 88'200.0, 2);
  EXPECT_EQ(std::max_element(out[0].begin(), out[0].end()) - out[0].begin(), 0);
}

TEST(ResampledReader, DoesNotDependOnBlockSize) {
  const TemporaryFolder folder;
  write_floats(folder / "a.wav", 44'100.0, test::noise(2, 20'000));
  for (const double rate_hz : {44'100.0, 48'000.0}) {
    const auto wanted = resampled(folder / "a.wav", rate_hz, 2, 30'000);
    for (const std::size_t frames : {1u, 61u, 4096u}) {
      EXPECT_EQ(resampled(folder / "a.wav", rate_hz, 2, frames), wanted) << frames;
    }
  }
}

TEST(ResampledReader, PassesEqualRatesThroughExactly) {
  const TemporaryFolder folder;
  const AudioBuffer samples = test::noise(2, 5'000);
  write_floats(folder / "a.wav", 48'000.0, samples);
  const auto out = resampled(folder / "a.wav", 48'000.0, 2);
  EXPECT_TRUE(std::equal(out[1].begin(), out[1].end(), samples.view().channel(1).begin()));
  EXPECT_EQ(out[1].size(), 5'000u);
}

TEST(ResampledReader, PutsMonoOnTheFirstTwoChannelsAndLeavesTheOthersSilent) {
  const TemporaryFolder folder;
  const AudioBuffer samples = test::noise(1, 5'000);
  write_floats(folder / "a.wav", 48'000.0, samples);
  const auto out = resampled(folder / "a.wav", 48'000.0, 6);
  EXPECT_TRUE(std::equal(out[0].begin(), out[0].end(), samples.view().channel(0).begin()));
  EXPECT_EQ(out[0], out[1]);
  for (std::size_t c = 2; c < 6; ++c) EXPECT_THAT(out[c], Each(0.0f));
  EXPECT_EQ(resampled(folder / "a.wav", 48'000.0, 1)[0], out[0]);
}

TEST(ResampledReader, PutsOtherCountsOnTheChannelsOfTheSameNumber) {
  const TemporaryFolder folder;
  write_floats(folder / "a.wav", 44'100.0, test::noise(2, 5'000));
  const auto narrow = resampled(folder / "a.wav", 48'000.0, 2);
  const auto wide = resampled(folder / "a.wav", 48'000.0, 4);
  EXPECT_EQ(wide[0], narrow[0]);
  EXPECT_EQ(wide[1], narrow[1]);
  EXPECT_THAT(wide[3], Each(0.0f));
}

TEST(ResampledReader, RefusesASessionNarrowerThanTheSource) {
  const TemporaryFolder folder;
  write_floats(folder / "a.wav", 48'000.0, test::noise(3, 100));
  const auto reader = ResampledReader::open(folder / "a.wav", 48'000.0, 2);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::usage);
  EXPECT_FALSE(ResampledReader::open(folder / "a.wav", 44'100.5, 4));
}

TEST(ResampledReader, SilencesAndCountsSamplesThatAreNotFinite) {
  const TemporaryFolder folder;
  SF_INFO info{};
  info.samplerate = 44'100;
  info.channels = 2;
  info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  SNDFILE* file = sf_open((folder / "a.wav").c_str(), SFM_WRITE, &info);
  std::vector<float> samples(2 * 44'100, 0.25f);
  samples[2 * 22'050 + 1] = std::numeric_limits<float>::quiet_NaN();
  samples[2 * 30'000] = -std::numeric_limits<float>::infinity();
  ASSERT_EQ(sf_write_float(file, samples.data(), 88'200), 88'200);
  sf_close(file);
  for (const double rate_hz : {44'100.0, 48'000.0}) {
    auto reader = ResampledReader::open(folder / "a.wav", rate_hz, 2);
    const auto out = test::read_all(*reader, 2).value();
    EXPECT_EQ(reader->non_finite_samples(), 2u);
    EXPECT_EQ(reader->first_non_finite_s(), 0.5);
    for (const auto& channel : out) {
      EXPECT_TRUE(std::all_of(channel.begin(), channel.end(), [](float x) { return std::isfinite(x); }));
    }
  }
}

TEST(ResampledReader, TellsOfATruncatedSource) {
  const TemporaryFolder folder;
  test::put_bytes(folder / "a.wav",
                  test::wav_bytes({.rate_hz = 44'100, .data_bytes = 8'000}, std::string(4'000, '\1')));
  auto reader = ResampledReader::open(folder / "a.wav", 48'000.0, 2);
  ASSERT_TRUE(reader) << reader.error().sentence;
  EXPECT_TRUE(reader->source().is_truncated);
  EXPECT_EQ(test::read_all(*reader, 2).value()[0].size(), 1'088u);  // 1000 frames at 44.1 kHz.
}

}  // namespace
}  // namespace gainstage
