// SPDX-License-Identifier: MIT
#include "audio_file/resampled_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "audio_file/test_files.h"

namespace gainstage {
namespace {

using test::TemporaryFolder;

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

TEST(ResampledReader, IsDelayFreeAndHasTheExactLength) {
  for (const auto& [from_hz, to_hz] : {std::pair{44'100.0, 48'000.0},
                                       {48'000.0, 44'100.0},
                                       {96'000.0, 48'000.0},
                                       {8'000.0, 384'000.0},
                                       {48'017.0, 48'000.0}}) {
    const TemporaryFolder folder;
    const std::size_t frames = static_cast<std::size_t>(from_hz) + 77;
    ASSERT_TRUE(test::write_audio(
        folder / "a.wav", {.sample_format = SampleFormat::float32, .sample_rate_hz = from_hz, .channels = 1},
        sine(1, frames, 441.0, from_hz)));
    auto reader = ResampledReader::open(folder / "a.wav", to_hz, 2);
    ASSERT_TRUE(reader) << reader.error().sentence;
    auto out = test::read_all(*reader, 2);
    ASSERT_TRUE(out);
    const auto length = static_cast<std::size_t>(std::llround(static_cast<double>(frames) * to_hz / from_hz));
    ASSERT_EQ((*out)[0].size(), length);
    EXPECT_EQ((*out)[0], (*out)[1]);
    const AudioBuffer wanted = sine(1, length, 441.0, to_hz);
    for (std::size_t i = length / 10; i < length * 9 / 10;
         ++i) {  // Away from the ends, where the sine is cut.
      ASSERT_NEAR((*out)[0][i], wanted.view().channel(0)[i], 1e-6)
          << "frame " << i << ", " << from_hz << " Hz";
    }
  }
}

}  // namespace
}  // namespace gainstage
