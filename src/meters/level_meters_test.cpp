// SPDX-License-Identifier: MIT
// What the simpler meters read of signals whose level is known.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

#include "meters/clip_detector.h"
#include "meters/dc_offset.h"
#include "meters/k_system.h"
#include "meters/k_weighting_filter.h"
#include "meters/level_meters.h"
#include "meters/level_ticks.h"
#include "meters/loudness.h"
#include "meters/noise_floor.h"
#include "meters/ppm.h"
#include "meters/rms.h"
#include "meters/sample_peak.h"
#include "meters/sliding_sum.h"
#include "meters/stereo_field.h"
#include "meters/true_peak.h"
#include "meters/vu.h"

namespace gainstage {
namespace {

constexpr double rate_hz = 48000.0;

template <typename Value>
AudioBuffer stereo(double seconds, Value value) {
  AudioBuffer buffer(2, static_cast<std::size_t>(rate_hz * seconds));
  for (std::size_t c = 0; c < 2; ++c) {
    const std::span<float> x = buffer.view().channel(c);
    for (std::size_t i = 0; i < x.size(); ++i)
      x[i] = static_cast<float>(value(c, static_cast<double>(i) / rate_hz));
  }
  return buffer;
}

double sine(double hz, double t, double turns = 0.0) {
  return std::sin(2.0 * std::numbers::pi * (hz * t + turns));
}

template <Meter M>
M measured(const AudioBuffer& audio, M meter = M()) {
  meter.prepare({rate_hz, audio.channels(), 4096});
  meter.process(audio.view());
  return meter;
}

template <TickMeter M>
M measured(const AudioBuffer& audio, M meter = M()) {
  const Format format{rate_hz, audio.channels(), 4096};
  const auto meter_ticks = [&](const LevelTicks& ticks) { meter.process(ticks); };
  LevelTicker ticker;
  ticker.prepare(format);
  meter.prepare(format);
  ticker.process(audio.view(), meter_ticks);
  ticker.finish(meter_ticks);
  return meter;
}

TEST(DcOffsetMeter, IsTheMean) {
  const auto audio =
      stereo(1.0, [](std::size_t c, double t) { return (c == 0 ? -0.01 : 0.002) + 0.5 * sine(100, t); });
  const DcOffsetMeter meter = measured<DcOffsetMeter>(audio);
  EXPECT_NEAR(meter.mean(0), -0.01, 1e-6);
  EXPECT_NEAR(meter.offset().value, -40.0, 0.001);
}

TEST(KSystemMeter, ASineReadsItsPeak) {
  const KSystemMeter meter =
      measured<KSystemMeter>(stereo(3.0, [](std::size_t, double t) { return 0.1 * sine(1000, t); }));
  EXPECT_NEAR(meter.level(0).value, -20.0, 0.01);
  EXPECT_NEAR(meter.level_max().value, -20.0, 0.01);
  EXPECT_NEAR(meter.peak(0).value, -20.0, 0.1);
}

TEST(KSystemMeter, Integrates600Milliseconds) {
  const KSystemMeter meter =
      measured<KSystemMeter>(stereo(0.6, [](std::size_t, double t) { return sine(1000, t); }));
  EXPECT_NEAR(to_ratio(meter.level(0)), 0.99, 0.002);
}

TEST(KSystemMeter, ThePeakFalls26DecibelsIn3Seconds) {
  const KSystemMeter meter = measured<KSystemMeter>(
      stereo(4.0, [](std::size_t, double t) { return t < 1.0 ? sine(1000, t) : 0.0; }));
  EXPECT_NEAR(meter.peak(0).value, -26.0, 0.1);
}

TEST(NoiseFloorMeter, IsTheQuietestHalfSecondThatIsNotSilent) {
  const auto audio = stereo(6.0, [](std::size_t, double t) {
    if (t < 1.0) return 0.0;                                // Digital silence doesn't count.
    if (t >= 3.05 && t < 3.7) return 0.001 * sine(500, t);  // -63 dBFS RMS, long enough for one window.
    return 0.5 * sine(500, t);
  });
  const NoiseFloorMeter meter = measured<NoiseFloorMeter>(audio);
  ASSERT_TRUE(meter.level());
  EXPECT_NEAR(meter.level()->value, -63.01, 0.01);
}

TEST(NoiseFloorMeter, IsAbsentInSilenceAndInShortSignals) {
  EXPECT_FALSE(measured<NoiseFloorMeter>(stereo(2.0, [](std::size_t, double) { return 0.0; })).level());
  EXPECT_FALSE(
      measured<NoiseFloorMeter>(stereo(0.4, [](std::size_t, double t) { return sine(500, t); })).level());
}

TEST(StereoFieldMeter, KnowsTheClassicalCases) {
  struct Case {
    const char* name;
    double right_turns;
    double right_gain;
    double correlation;
    double width;
    double mono_loss_db;
    double balance_db;
  };
  for (const Case& c : {Case{"mono", 0, 1, 1, 0, 0, 0}, Case{"inverted", 0.5, 1, -1, 1, -300, 0},
                        Case{"quarter turn", 0.25, 1, 0, 0.5, -3.0103, 0},
                        Case{"left louder", 0, 0.5, 1, 0.1, -0.4576, 6.0206}}) {
    const auto meter = measured<StereoFieldMeter>(stereo(2.0, [&](std::size_t channel, double t) {
      return channel == 0 ? 0.5 * sine(1000, t) : 0.5 * c.right_gain * sine(1000, t, c.right_turns);
    }));
    EXPECT_NEAR(meter.correlation(), c.correlation, 1e-3) << c.name;
    EXPECT_NEAR(meter.live_correlation(), c.correlation, 1e-3) << c.name;
    EXPECT_NEAR(meter.width(), c.width, 1e-3) << c.name;
    EXPECT_NEAR(meter.balance().value, c.balance_db, 1e-3) << c.name;
    if (c.mono_loss_db < -100) {
      EXPECT_LT(meter.mono_loss().value, -100.0) << c.name;
    } else {
      EXPECT_NEAR(meter.mono_loss().value, c.mono_loss_db, 1e-3) << c.name;
    }
    ASSERT_EQ(meter.hop_correlations().size(), 20u);
    EXPECT_NEAR(meter.hop_correlations()[10], c.correlation, 1e-3) << c.name;
  }
}

TEST(StereoFieldMeter, DrawsLeftOnTheLeftAndMidUp) {
  constexpr std::size_t size = StereoFieldMeter::scope_size;
  const auto visited = [](double left, double right) {
    const auto meter = measured<StereoFieldMeter>(
        stereo(0.01, [&](std::size_t c, double) { return c == 0 ? left : right; }));
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < meter.vectorscope().size(); ++i) {
      if (meter.vectorscope()[i] > 0) places.push_back(i);
    }
    EXPECT_EQ(places.size(), 1u);
    return std::pair(places.at(0) / size, places.at(0) % size);  // Row, column.
  };
  EXPECT_EQ(visited(1.0, 1.0), std::pair(std::size_t{0}, size / 2));
  EXPECT_EQ(visited(1.0, 0.0), std::pair(size / 4, size / 4));
  EXPECT_EQ(visited(0.0, 1.0), std::pair(size / 4, 3 * (size / 2) / 2));
  EXPECT_EQ(visited(1.0, -1.0), std::pair(size / 2, std::size_t{0}));
  EXPECT_EQ(visited(8.0, 8.0), std::pair(std::size_t{0}, size / 2));
}

TEST(ClipDetector, FindsRunsAtTheCeiling) {
  AudioBuffer audio(2, 1000);
  const float ceiling = static_cast<float>(fixed_point_ceiling(16));
  const std::span<float> left = audio.view().channel(0);
  for (std::size_t i = 100; i < 103; ++i) left[i] = ceiling;
  for (std::size_t i = 200; i < 202; ++i) left[i] = ceiling;  // Two are not a run.
  for (std::size_t i = 996; i < 1000; ++i) audio.view().channel(1)[i] = -1.0f;
  LevelMeters meters;
  meters.prepare({rate_hz, 2, 1000}, fixed_point_ceiling(16));
  meters.process(std::as_const(audio).view());
  meters.finish();
  const ClipDetector& detector = meters.clips();
  EXPECT_EQ(detector.runs(), 2u);
  EXPECT_EQ(detector.longest_frames(), 4);
  EXPECT_EQ(detector.over().value, 0.0);
  const std::vector<ClipDetector::Run> runs = detector.longest_runs();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].begin, 100);
  EXPECT_EQ(runs[0].frames, 3);
  EXPECT_EQ(runs[0].channel, 0u);
  EXPECT_EQ(runs[1].channel, 1u);
  EXPECT_NEAR(detector.seconds(runs[1]), 996.0 / rate_hz, 1e-12);
}

TEST(ClipDetector, OneSampleOverFullScaleIsEnough) {
  AudioBuffer audio(1, 100);
  audio.view().channel(0)[50] = -2.0f;
  audio.view().channel(0)[70] = 1.0f;  // Reaches full scale once: not clipped.
  const ClipDetector detector = measured<ClipDetector>(audio);
  EXPECT_EQ(detector.runs(), 1u);
  EXPECT_NEAR(detector.over().value, 6.0206, 1e-4);
}

TEST(ClipDetector, KeepsTheLongestRunsInOrderOfTime) {
  AudioBuffer audio(1, 100000);
  const std::span<float> x = audio.view().channel(0);
  for (std::size_t r = 0; r < 50; ++r) {
    for (std::size_t i = 0; i < 3 + (r * 7) % 50; ++i) x[r * 1000 + i] = 1.0f;
  }
  const ClipDetector detector = measured<ClipDetector>(audio);
  EXPECT_EQ(detector.runs(), 50u);
  const std::vector<ClipDetector::Run> runs = detector.longest_runs();
  ASSERT_EQ(runs.size(), ClipDetector::kept_runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    EXPECT_GE(runs[i].frames, 3 + 18);
    if (i > 0) {
      EXPECT_GT(runs[i].begin, runs[i - 1].begin);
    }
  }
}

TEST(SamplePeakMeter, KeepsThePeakOfEveryTenthOfASecond) {
  const auto audio =
      stereo(0.35, [](std::size_t c, double t) { return c == 1 && t >= 0.1 && t < 0.2 ? -0.5 : 0.1; });
  const SamplePeakMeter meter = measured<SamplePeakMeter>(audio);
  ASSERT_EQ(meter.hop_peaks().size(), 3u);
  EXPECT_EQ(meter.hop_peaks()[0], 0.1f);
  EXPECT_EQ(meter.hop_peaks()[1], 0.5f);
  EXPECT_EQ(meter.unfinished_hop_peak(), 0.1f);
}

TEST(KWeightingFilter, GivesTheLoudnessMetersEnergy) {
  const auto audio = stereo(0.1, [](std::size_t c, double t) { return 0.3 * sine(c == 0 ? 60 : 3000, t); });
  AudioBuffer filtered(2, audio.frames());
  KWeightingFilter filter;
  filter.prepare({rate_hz, 2, 4096});
  // In uneven blocks: the output must not depend on them.
  for (std::size_t first = 0; first < audio.frames(); first += 700) {
    const std::size_t count = std::min<std::size_t>(700, audio.frames() - first);
    filter.process(audio.view().section(first, count), filtered.view().section(first, count));
  }
  double energy = 0.0;
  for (std::size_t c = 0; c < 2; ++c) {
    for (float x : filtered.view().channel(c)) energy += static_cast<double>(x) * static_cast<double>(x);
  }
  const LoudnessMeter loudness = measured<LoudnessMeter>(audio);
  ASSERT_EQ(loudness.hop_energies().size(), 1u);
  // The meter adds up squares in single precision, 512 at most: 1e-6 of them is 4e-6 LU.
  const double expected = energy / static_cast<double>(audio.frames());
  EXPECT_NEAR(loudness.hop_energies()[0], expected, 1e-6 * expected);
}

TEST(LoudnessMeter, ReadsHopsThatWereWeightedElsewhereAsItsOwn) {
  const auto audio =
      stereo(4.0, [](std::size_t c, double t) { return 0.3 * sine(c == 0 ? 60 : 3000, t) * t; });
  LoudnessMeter own = measured<LoudnessMeter>(audio);
  LoudnessMeter fed;
  fed.prepare({rate_hz, 2, 4096});
  AudioBuffer filtered(2, audio.frames());
  KWeightingFilter filter;
  filter.prepare({rate_hz, 2, 4096});
  filter.process(audio.view(), filtered.view(),
                 [&](std::span<const double> sums, Frames frames) { fed.add_hop(sums, frames); });
  EXPECT_EQ(fed.integrated(), own.integrated());
  EXPECT_EQ(fed.momentary_max(), own.momentary_max());
  EXPECT_EQ(fed.short_term(), own.short_term());
}

TEST(SlidingSum, IsTheSumOfTheLastValues) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> values(0.0, 1.0);
  SlidingSum<7> sliding;
  std::vector<double> all;
  for (int n = 0; n < 100; ++n) {
    // A great value leaves nothing behind.
    all.push_back(n == 30 ? 1e30 : (n > 50 && n < 60 ? 0.0 : values(random)));
    double expected = 0.0;
    for (std::size_t i = all.size() - std::min<std::size_t>(7, all.size()); i < all.size(); ++i) {
      expected += all[i];
    }
    EXPECT_NEAR(sliding.push(all.back()), expected, 1e-15 * std::max(7.0, expected)) << n;
  }
}

TEST(SlidingSum, OfZerosIsZero) {
  SlidingSum<5> sliding;
  for (int n = 0; n < 13; ++n) sliding.push(0.1 * n);
  for (int n = 0; n < 4; ++n) sliding.push(0.0);
  for (int n = 0; n < 20; ++n) EXPECT_EQ(sliding.push(0.0), 0.0);
}

/// Levels in dB of everything that has one.
std::vector<double> levels(const AudioBuffer& audio) {
  const LoudnessMeter loudness = measured<LoudnessMeter>(audio);
  TruePeakMeter peak = measured<TruePeakMeter>(audio);
  peak.finish();
  TruePeakMeter standard_peak = measured(audio, TruePeakMeter(TruePeakFilter::bs1770_4x));
  standard_peak.finish();
  return {loudness.integrated().value,
          loudness.momentary_max().value,
          loudness.short_term_max().value,
          peak.peak().value,
          standard_peak.peak().value,
          measured<SamplePeakMeter>(audio).peak().value,
          measured<RmsMeter>(audio).rms().value,
          to_db(measured<VuMeter>(audio).greatest_needle()).value,
          measured<KSystemMeter>(audio).level_max().value,
          measured<PpmMeter>(audio).level_max(0).value,
          measured(audio, PpmMeter(PpmType::i)).level_max(1).value,
          measured<DcOffsetMeter>(audio).offset().value,
          measured<NoiseFloorMeter>(audio).level()->value};
}

AudioBuffer material(double gain) {
  std::mt19937 random(9);
  std::normal_distribution<double> gauss(0.02, 0.1);
  return stereo(5.0, [&](std::size_t, double t) { return gain * gauss(random) * (1.2 + sine(0.7, t)); });
}

TEST(Meters, AGainMovesEveryLevelByItself) {
  const std::vector<double> before = levels(material(1.0));
  for (double gain_db : {-30.0, -7.3, 11.9}) {
    const std::vector<double> after = levels(material(to_ratio({gain_db})));
    for (std::size_t i = 0; i < before.size(); ++i)
      EXPECT_NEAR(after[i] - before[i], gain_db, 1e-4) << "level " << i;
  }
}

TEST(Meters, TheOrderOfChannelsChangesNothing) {
  const AudioBuffer audio = material(1.0);
  AudioBuffer swapped(2, audio.frames());
  for (std::size_t c = 0; c < 2; ++c) {
    const std::span<const float> from = audio.view().channel(1 - c);
    std::copy(from.begin(), from.end(), swapped.view().channel(c).begin());
  }
  const std::vector<double> before = levels(audio);
  const std::vector<double> after = levels(swapped);
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (i == 9 || i == 10) continue;  // The PPM readings are of one channel each.
    EXPECT_NEAR(after[i], before[i], 1e-11) << "level " << i;
  }
}

TEST(Meters, SilenceIsMinusInfinity) {
  const auto silence = stereo(4.0, [](std::size_t, double) { return 0.0; });
  EXPECT_EQ(measured<LoudnessMeter>(silence).integrated().value, -INFINITY);
  EXPECT_EQ(measured<LoudnessMeter>(silence).momentary_max().value, -INFINITY);
  EXPECT_EQ(measured<TruePeakMeter>(silence).peak().value, -INFINITY);
  EXPECT_EQ(measured<SamplePeakMeter>(silence).peak().value, -INFINITY);
  EXPECT_EQ(measured<RmsMeter>(silence).rms().value, -INFINITY);
  EXPECT_EQ(measured<KSystemMeter>(silence).level_max().value, -INFINITY);
  EXPECT_EQ(measured<DcOffsetMeter>(silence).offset().value, -INFINITY);
  EXPECT_EQ(measured<VuMeter>(silence).greatest_needle(), 0.0);
}

TEST(VuMeter, LevelOfTheNeedleIsTheInverseOfItsReading) {
  for (const double needle : {1e-6, 0.0125, 1.0, 3.5}) {
    for (const Db reference : {Db{-18.0}, Db{-20.0}, Db{0.0}}) {
      EXPECT_NEAR(VuMeter::needle_level(VuMeter::vu(needle, reference), reference).value, to_db(needle).value,
                  1e-12);
    }
  }
}

}  // namespace
}  // namespace gainstage
