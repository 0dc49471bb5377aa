// SPDX-License-Identifier: MIT
// 24-bit stereo, which is measured as it lies in a WAV file, against the same samples decoded from FLAC.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace test;

/// The same samples twice: first.wav, and second.flac.
class Twins {
 public:
  Twins(const Signal& signal, double rate_hz, double seconds) {
    const WriteFormat wav{Container::wav, SampleFormat::pcm24, rate_hz, 2};
    EXPECT_TRUE(write_audio(path("first.wav"), wav, render(signal, rate_hz, 2, seconds, 5)));
    // As they were rounded.
    const std::vector<std::vector<float>> samples = samples_of(path("first.wav"));
    AudioBuffer rounded(2, samples[0].size());
    for (std::size_t c = 0; c < 2; ++c) std::ranges::copy(samples[c], rounded.view().channel(c).begin());
    const WriteFormat flac{Container::flac, SampleFormat::pcm24, rate_hz, 2};
    EXPECT_TRUE(write_audio(path("second.flac"), flac, rounded));
  }

  Measure measure(const std::string& name, TruePeakFilter filter) const {
    MeasureOptions options;
    options.with_spectrum = false;
    options.with_stereo = false;
    options.true_peak = filter;
    const auto file = measure_file(path(name), options, {});
    if (!file) throw std::runtime_error(file.error().sentence);
    return file->measure;
  }

 private:
  std::string path(const std::string& name) const { return folder_ / name; }

  TemporaryFolder folder_;
};

void expect_same(const Measure& a, const Measure& b) {
  EXPECT_EQ(a.integrated, b.integrated);
  EXPECT_EQ(a.momentary_max, b.momentary_max);
  EXPECT_EQ(a.short_term_max, b.short_term_max);
  EXPECT_EQ(a.loudness_range, b.loudness_range);
  EXPECT_EQ(a.true_peak, b.true_peak);
  EXPECT_EQ(a.sample_peak, b.sample_peak);
  EXPECT_EQ(a.rms, b.rms);
  EXPECT_EQ(a.vu_max, b.vu_max);
  EXPECT_EQ(a.vu_mean, b.vu_mean);
  EXPECT_EQ(a.k_system, b.k_system);
  EXPECT_EQ(a.dc_offset, b.dc_offset);
  EXPECT_EQ(a.noise_floor, b.noise_floor);
  EXPECT_EQ(a.activity_percent, b.activity_percent);
  EXPECT_EQ(a.clipping.runs, b.clipping.runs);
  EXPECT_EQ(a.clipping.longest_frames, b.clipping.longest_frames);
  EXPECT_EQ(a.duration_s, b.duration_s);
}

/// Loud places far apart, of which some are cut off; every 0.9 s one that goes on for a hop and more.
float clipped(double t, std::size_t channel, std::mt19937& random) {
  const double place = std::fmod(t, 0.9);
  const double level = place > 0.3 && place < 0.315 ? 3.0 : 0.02 + 1.2 * std::pow(place, 9.0);
  const double noise = std::uniform_real_distribution<double>(-level, level)(random);
  const double slow = level * std::sin(190.0 * t + static_cast<double>(channel));
  return static_cast<float>(std::clamp(0.3 * noise + slow, -1.0, 1.0));
}

/// Silence between bursts, as long as the filters remember, and at first.
float bursts(double t, std::size_t, std::mt19937& random) {
  if (std::fmod(t, 3.1) < 1.7) return 0.0f;
  return static_cast<float>(std::uniform_real_distribution<double>(-0.4, 0.4)(random));
}

TEST(MeasureFile, GivesTheSameOfSamplesInTheFileAsOfDecodedOnes) {
  const auto swells = [](double t, std::size_t channel, std::mt19937& random) {
    const double level = 0.45 + 0.4 * std::sin(0.8 * t + static_cast<double>(channel));
    return static_cast<float>(std::uniform_real_distribution<double>(-level, level)(random));
  };
  for (const double rate_hz : {8000.0, 44100.0, 48000.0, 96000.0}) {
    for (const Signal& signal : {Signal(clipped), Signal(bursts), Signal(swells), phrases(0.7, 0.4)}) {
      const Twins twins(signal, rate_hz, 7.123);
      for (const TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
        SCOPED_TRACE(testing::Message() << rate_hz << " Hz");
        const Measure in_file = twins.measure("first.wav", filter);
        ASSERT_FALSE(in_file.is_silent());
        expect_same(in_file, twins.measure("second.flac", filter));
      }
    }
  }
}

TEST(MeasureFile, SeesClippedRunsInTheFile) {
  const Twins twins(clipped, 48000.0, 7.123);
  const Measure measure = twins.measure("first.wav", TruePeakFilter::oversampled_16x);
  EXPECT_GE(measure.clipping.runs, 8u);
  EXPECT_GT(measure.clipping.longest_frames, 200);
}

}  // namespace
}  // namespace gainstage
