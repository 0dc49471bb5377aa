// SPDX-License-Identifier: MIT
#include "audio_file/quantizer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "audio_file/test_files.h"

namespace gainstage {
namespace {

std::vector<std::int32_t> quantized(int bits, const AudioBuffer& samples, std::size_t block_frames = 4096) {
  Quantizer quantizer(bits);
  std::vector<std::int32_t> all(samples.channels() * samples.frames());
  for (std::size_t at = 0; at < samples.frames(); at += block_frames) {
    const std::size_t frames = std::min(block_frames, samples.frames() - at);
    quantizer.process(samples.view().section(at, frames),
                      std::span(all).subspan(at * samples.channels(), frames * samples.channels()));
  }
  return all;
}

AudioBuffer constant(float value, std::size_t frames) {
  AudioBuffer buffer(1, frames);
  for (float& x : buffer.view().channel(0)) x = value;
  return buffer;
}

TEST(Quantizer, DoesNotDependOnBlockSize) {
  AudioBuffer samples = test::noise(3, 5'000);
  for (std::size_t c = 0; c < 3; ++c) {
    for (float& x : samples.view().channel(c).first(2'000))
      x = 0.25f;  // On the grid, so that dither starts within.
  }
  const auto whole = quantized(16, samples);
  for (const std::size_t frames : {1u, 7u, 1999u, 5000u})
    EXPECT_EQ(quantized(16, samples, frames), whole) << frames;
}

TEST(Quantizer, LeavesWhatLiesOnTheGrid) {
  AudioBuffer samples(1, 65536);
  for (std::size_t i = 0; i < 65536; ++i)
    samples.view().channel(0)[i] = (static_cast<float>(i) - 32768.0f) / 32768.0f;
  const auto values = quantized(16, samples);
  for (std::size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], (static_cast<int>(i) - 32768) * 65536);
}

TEST(Quantizer, DithersFromTheFirstSampleOffTheGridOn) {
  AudioBuffer samples(1, 2'000);
  samples.view().channel(0)[1'000] = 0.3f / 32768.0f;
  const auto values = quantized(16, samples);
  EXPECT_TRUE(std::all_of(values.begin(), values.begin() + 1'000, [](int x) { return x == 0; }));
  EXPECT_TRUE(std::any_of(values.begin() + 1'000, values.end(), [](int x) { return x != 0; }));
}

// TPDF of +-1 LSB has a variance of 1/6 and rounding adds 1/12, whatever the signal: 1/4 in all. With 200000
// samples the standard error of the mean is 0.0011 LSB, that of the variance under 0.001.
TEST(Quantizer, MakesAnErrorOfNoMeanAndAPowerThatDoesNotDependOnTheSignal) {
  for (const double lsb : {0.1, 0.25, 0.5, 0.77}) {
    const auto values = quantized(16, constant(static_cast<float>(lsb / 32768.0), 200'000));
    double sum = 0.0;
    double squares = 0.0;
    for (const std::int32_t value : values) {
      const double error = value / 65536.0 - lsb;
      sum += error;
      squares += error * error;
    }
    EXPECT_NEAR(sum / 200'000, 0.0, 0.005) << lsb;
    EXPECT_NEAR(squares / 200'000, 0.25, 0.005) << lsb;
  }
}

TEST(Quantizer, DithersChannelsApart) {
  AudioBuffer samples(2, 10'000);
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& x : samples.view().channel(c)) x = 0.5f / 32768.0f;
  }
  const auto values = quantized(16, samples);
  double product = 0.0;
  for (std::size_t i = 0; i < 10'000; ++i) {
    product += (values[2 * i] / 65536.0 - 0.5) * (values[2 * i + 1] / 65536.0 - 0.5);
  }
  EXPECT_NEAR(product / 10'000, 0.0, 0.0125);  // Five standard errors of 0.25 / sqrt(10000).
}

// The same on every machine, for ever: the bytes of a render depend on it.
TEST(Quantizer, AlwaysMakesTheseNumbers) {
  const auto values = quantized(16, constant(0.1f, 12));
  std::vector<int> upper;
  for (const std::int32_t value : values) upper.push_back(value / 65536);
  EXPECT_EQ(upper,
            (std::vector<int>{3277, 3277, 3276, 3277, 3277, 3276, 3277, 3277, 3277, 3276, 3276, 3276}));
}

TEST(Quantizer, ClipsAndCounts) {
  AudioBuffer samples(1, 6);
  const float values[] = {1.0f, -1.0f, 1.5f, -1.5f, std::numeric_limits<float>::max(), 0.5f};
  std::copy(std::begin(values), std::end(values), samples.view().channel(0).begin());
  Quantizer quantizer(24);
  std::vector<std::int32_t> out(6);
  quantizer.process(samples.view(), out);
  EXPECT_EQ(quantizer.clipped_samples(), 4u);  // -1 fits, +1 does not.
  EXPECT_EQ(out, (std::vector<std::int32_t>{0x7fffff00, -0x7fffffff - 1, 0x7fffff00, -0x7fffffff - 1,
                                            0x7fffff00, 0x40000000}));
}

}  // namespace
}  // namespace gainstage
