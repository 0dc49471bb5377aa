// SPDX-License-Identifier: MIT
#include "mix/frame_peak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace gainstage {
namespace {

std::vector<float> noise(std::size_t frames) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
  std::vector<float> samples(frames);
  for (float& sample : samples) sample = uniform(random);
  return samples;
}

/// Greatest magnitude from each frame to just before the next, by the filter in one step.
std::vector<float> expected_readings(const std::vector<float>& samples, double rate_hz) {
  const Interpolator filter = true_peak_interpolator(TruePeakFilter::oversampled_16x, rate_hz);
  std::vector<float> padded(filter.taps / 2 - 1, 0.0f);
  padded.insert(padded.end(), samples.begin(), samples.end());
  padded.resize(padded.size() + filter.taps, 0.0f);
  std::vector<float> readings;
  for (const float sample : samples) readings.push_back(std::abs(sample));
  for (std::size_t p = 1; p < filter.factor; ++p) {
    const std::span<const float> taps = filter.phase(p);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const float value =
          std::inner_product(taps.begin(), taps.end(), padded.begin() + static_cast<std::ptrdiff_t>(i), 0.0f);
      readings[i] = std::max(readings[i], std::abs(value));
    }
  }
  return readings;
}

TEST(FramePeak, ReadsEachFrameAsTheMetersFilterDoes) {
  const std::vector<float> samples = noise(2000);
  for (const double rate_hz : {44100.0, 48000.0, 96000.0, 192000.0, 384000.0}) {
    const std::vector<float> expected = expected_readings(samples, rate_hz);
    FramePeak peaks;
    peaks.prepare(rate_hz, 1, 0.0f);
    const std::size_t latency = peaks.latency_frames();
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const float reading = peaks.push(std::span(samples).subspan(i, 1));
      if (i < latency) continue;
      // Sums of 64 and 8 products of magnitude about 1, in another order.
      ASSERT_NEAR(reading, expected[i - latency], 1e-5f) << rate_hz << " Hz, frame " << i - latency;
    }
  }
}

TEST(FramePeak, ReadsTheLoudestChannel) {
  const std::vector<float> samples = noise(500);
  FramePeak one;
  FramePeak three;
  one.prepare(48000.0, 1, 0.0f);
  three.prepare(48000.0, 3, 0.0f);
  for (const float sample : samples) {
    const std::vector<float> frame{0.1f * sample, -sample, 0.0f};
    ASSERT_EQ(three.push(frame), one.push(std::span(&sample, 1)));
  }
}

TEST(FramePeak, MissesNothingOverItsFloor) {
  std::vector<float> samples = noise(4000);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] *= (i / 500) % 2 == 0 ? 0.05f : 1.0f;
  FramePeak exact;
  FramePeak quick;
  exact.prepare(44100.0, 1, 0.0f);
  quick.prepare(44100.0, 1, 0.7f);
  std::size_t skipped = 0;
  for (const float& sample : samples) {
    const float reading = exact.push(std::span(&sample, 1));
    const float other = quick.push(std::span(&sample, 1));
    if (reading > 0.7f) {
      ASSERT_EQ(other, reading);
    }
    skipped += other == 0.0f ? 1 : 0;
  }
  EXPECT_GT(skipped, 1000u);
}

}  // namespace
}  // namespace gainstage
