// SPDX-License-Identifier: MIT
#include "engine/mix_loudness.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/loudness_gate.h"
#include "engine/measure_build.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace test;
using Detail = MixLoudness::Detail;

/// What the meter says of the sum itself.
MixMeasurements of_the_sum(const Session& session, const std::vector<Db>& gains) {
  std::vector<std::size_t> all(session.tracks.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return measure_build(session, {all}, gains, {})->front();
}

std::vector<Db> uneven_gains(const Session& session) {
  std::vector<Db> gains;
  for (std::size_t i = 0; i < session.tracks.size(); ++i)
    gains.push_back({5.0 - 2.3 * static_cast<double>(i)});
  return gains;
}

TEST(MixLoudness, IsThatOfTheSum) {
  const VariedSession stems;
  const std::vector<Db> gains = uneven_gains(stems.session());
  const MixMeasurements sum = of_the_sum(stems.session(), gains);
  const Result<MixLoudness> loudness = MixLoudness::measure(stems.session(), Detail::hundredths);
  ASSERT_TRUE(loudness) << loudness.error().sentence;
  const MixLoudness::Reading reading = loudness->loudness(gains);
  EXPECT_NEAR(reading.integrated.value, integrated_loudness(sum.hop_energies).value, 1e-3);
  EXPECT_NEAR(reading.momentary_max.value, sum.momentary_max.value, 1e-3);
  EXPECT_NEAR(reading.short_term_max.value, sum.short_term_max.value, 1e-3);
  EXPECT_NEAR(reading.loudness_range.value, loudness_range(sum.hop_energies).value, 1e-3);
}

TEST(MixLoudness, OfTenthsHasTheSameIntegratedLoudnessAndRange) {
  const VariedSession stems;
  const std::vector<Db> gains = uneven_gains(stems.session());
  const MixMeasurements sum = of_the_sum(stems.session(), gains);
  const Result<MixLoudness> loudness = MixLoudness::measure(stems.session(), Detail::tenths);
  ASSERT_TRUE(loudness);
  const MixLoudness::Reading reading = loudness->loudness(gains);
  EXPECT_NEAR(reading.integrated.value, integrated_loudness(sum.hop_energies).value, 1e-3);
  EXPECT_NEAR(reading.loudness_range.value, loudness_range(sum.hop_energies).value, 1e-3);
  EXPECT_LE(reading.momentary_max.value, sum.momentary_max.value + 1e-3);
  EXPECT_LE(reading.short_term_max.value, sum.short_term_max.value + 1e-3);
}

// The bound that the header gives, of every reading: the energies of all hops are off by no more.
TEST(MixLoudness, InHalfPrecisionIsOffByLessThanItSays) {
  const VariedSession stems;
  const std::vector<Db> gains = uneven_gains(stems.session());
  using Resolution = MixLoudness::Resolution;
  const auto single = MixLoudness::measure(stems.session(), Detail::hundredths);
  Result<MixLoudness> half =
      MixLoudness::measure(stems.session(), Resolution(Detail::hundredths, MixLoudness::Precision::half));
  ASSERT_TRUE(single && half);
  const auto tracks = static_cast<double>(single->tracks());
  const double bound = 10.0 * std::log10(1.0 + 0x1p-16 * (tracks - 1.0)) + 1e-5;
  const auto expect_near = [&](const MixLoudness::Reading& a, const MixLoudness::Reading& b) {
    EXPECT_NEAR(a.integrated.value, b.integrated.value, bound);
    EXPECT_NEAR(a.momentary_max.value, b.momentary_max.value, bound);
    EXPECT_NEAR(a.short_term_max.value, b.short_term_max.value, bound);
    EXPECT_NEAR(a.loudness_range.value, b.loudness_range.value, 2.0 * bound);
  };
  expect_near(half->loudness(gains), single->loudness(gains));
  half->set_gains(std::vector<Db>(gains.size(), silent_db));
  for (std::size_t i = 0; i < gains.size(); ++i) half->set_gain(i, gains[i]);
  expect_near(half->reading(), single->loudness(gains));
  EXPECT_NEAR(half->correlation(0, 1), single->correlation(0, 1), 1e-4);
}

TEST(MixLoudness, InHalfPrecisionTakesHalfTheMemory) {
  const VariedSession stems;
  using Resolution = MixLoudness::Resolution;
  const auto single = MixLoudness::measure(stems.session(), Detail::tenths);
  const auto half =
      MixLoudness::measure(stems.session(), Resolution(Detail::tenths, MixLoudness::Precision::half));
  ASSERT_TRUE(single && half);
  const std::size_t n = single->tracks();
  EXPECT_EQ(single->bytes_per_hop(), 2 * n * (n + 1));
  EXPECT_EQ(half->bytes_per_hop(), n * (n + 3));
}

TEST(MixLoudness, FollowsFadersAsIfSetAtOnce) {
  const VariedSession stems;
  Result<MixLoudness> loudness = MixLoudness::measure(stems.session(), Detail::tenths);
  ASSERT_TRUE(loudness);
  std::vector<Db> gains = uneven_gains(stems.session());
  loudness->set_gains(gains);
  for (int move = 0; move < 200; ++move) {
    const std::size_t track = static_cast<std::size_t>(move * 7) % gains.size();
    gains[track] = move % 11 == 0 ? silent_db : Db{20.0 * std::sin(move)};
    loudness->set_gain(track, gains[track]);
  }
  const MixLoudness::Reading expected = loudness->loudness(gains);
  EXPECT_NEAR(loudness->reading().integrated.value, expected.integrated.value, 1e-6);
  EXPECT_NEAR(loudness->reading().momentary_max.value, expected.momentary_max.value, 1e-6);
  EXPECT_NEAR(loudness->reading().loudness_range.value, expected.loudness_range.value, 1e-6);
}

TEST(MixLoudness, GradientIsTheSlope) {
  TestSession stems;
  stems.add("a.wav", phrases(0.3, 0.7), 4.0);
  stems.add("b.wav", phrases(0.3, 1.1), 3.0, 1);
  stems.add("c.wav", tone(200.0, 0.1), 4.0);
  Result<MixLoudness> loudness = MixLoudness::measure(stems.session(), Detail::tenths);
  ASSERT_TRUE(loudness);
  const std::vector<Db> gains{{-3.0}, {2.0}, {4.5}};
  loudness->set_gains(gains);
  const std::vector<double> gradient = loudness->gradient();
  double sum = 0.0;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    constexpr double step = 1e-3;
    std::vector<Db> up = gains, down = gains;
    up[i] += Db{step};
    down[i] += Db{-step};
    const double slope =
        (loudness->loudness(up).integrated.value - loudness->loudness(down).integrated.value) / (2.0 * step);
    EXPECT_NEAR(gradient[i], slope, 1e-4) << i;
    sum += gradient[i];
  }
  EXPECT_NEAR(sum, 1.0, 1e-9);
}

TEST(MixLoudness, TellsHowTracksCorrelate) {
  TestSession stems;
  const AudioBuffer noise = render(hiss(0.3), 48000.0, 2, 2.0, 3);
  AudioBuffer inverted = render(hiss(0.3), 48000.0, 2, 2.0, 3);
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& sample : inverted.view().channel(c)) sample = -0.5f * sample;
  }
  stems.add("a.wav", noise, 48000.0);
  stems.add("b.wav", inverted, 48000.0);
  stems.add("c.wav", silence(), 2.0);
  const Result<MixLoudness> loudness = MixLoudness::measure(stems.session(), Detail::tenths);
  ASSERT_TRUE(loudness);
  EXPECT_NEAR(loudness->correlation(0, 1), -1.0, 1e-6);
  EXPECT_NEAR(loudness->correlation(1, 0), -1.0, 1e-6);
  EXPECT_EQ(loudness->correlation(0, 2), 0.0);
  // The one at half the gain cancels all of the other, for its level is half.
  EXPECT_LT(loudness->loudness(std::vector<Db>{{0.0}, Db{20.0 * std::log10(2.0)}, {0.0}}).integrated.value,
            -60.0);
}

TEST(MixLoudness, OfNoTrackIsSilence) {
  const VariedSession stems;
  Result<MixLoudness> loudness = MixLoudness::measure(stems.session(), Detail::tenths);
  ASSERT_TRUE(loudness);
  EXPECT_TRUE(std::isinf(loudness->reading().integrated.value));
  for (const double slope : loudness->gradient()) EXPECT_EQ(slope, 0.0);
}

}  // namespace
}  // namespace gainstage
