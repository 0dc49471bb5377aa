// SPDX-License-Identifier: MIT
#include "engine/predict/heard_desk.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/decoded_samples.h"
#include "engine/predict/random_desk.h"

namespace gainstage {
namespace {

using namespace test;

constexpr std::size_t much_memory = std::size_t{1} << 30;

TEST(HeardDesk, OfOneReadingIsWhatEachReadingTells) {
  const VariedSession stems;
  const auto heard = hear_desk(stems.session(), desk_parts(stems.session()).value(), much_memory, {});
  ASSERT_TRUE(heard) << heard.error().sentence;
  const auto measured = measure_session(stems.session(), {});
  const auto loudness = MixLoudness::measure(stems.session(), MixLoudness::Detail::hundredths);
  ASSERT_EQ(heard->measurements.tracks.size(), measured->tracks.size());
  for (std::size_t i = 0; i < measured->tracks.size(); ++i) {
    EXPECT_EQ(heard->measurements.tracks[i].clip.integrated, measured->tracks[i].clip.integrated);
    EXPECT_EQ(heard->measurements.tracks[i].clip.true_peak, measured->tracks[i].clip.true_peak);
    EXPECT_EQ(heard->measurements.tracks[i].hop_energies, measured->tracks[i].hop_energies);
  }
  ASSERT_EQ(heard->measurements.covariance.size(), measured->covariance.size());
  // Products are added up in floats over stretches, and hops of 10 ms cut shorter ones.
  const std::size_t count = measured->tracks.size();
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const double most = std::sqrt(measured->covariance_of(i, i) * measured->covariance_of(j, j));
      EXPECT_NEAR(heard->measurements.covariance_of(i, j), measured->covariance_of(i, j), 1e-6 * most)
          << i << ' ' << j;
    }
  }
  const std::vector<Db> gains = stems.gains(-3.0);
  EXPECT_NEAR(heard->loudness.loudness(gains).integrated.value, loudness->loudness(gains).integrated.value,
              1e-4);
  EXPECT_NEAR(heard->loudness.loudness(gains).momentary_max.value,
              loudness->loudness(gains).momentary_max.value, 1e-4);
}

// A plan of what was heard once is the plan of a new run.
TEST(HeardDesk, IsEnoughToPlanAgain) {
  const VariedSession stems;
  const auto heard = hear_desk(stems.session(), desk_parts(stems.session()).value(), much_memory, {});
  ASSERT_TRUE(heard);
  StagingOptions staging;
  for (const char* focus : {"", "voice.wav"}) {
    if (*focus) staging.focus = focus;
    if (*focus) staging.strength_percent = 60.0;
    const auto staged = stage(stems.session(), staging, {});
    const auto again = plan(stems.session(), staged->measurements, staging, {});
    const auto from_heard = plan(stems.session(), heard->measurements, staging, {});
    ASSERT_TRUE(again) << again.error().sentence;
    EXPECT_EQ(mix_gains(*again), mix_gains(staged->plan));
    EXPECT_EQ(mix_gains(*from_heard), mix_gains(staged->plan));
    ASSERT_EQ(again->readings.size(), again->steps.size());
    for (std::size_t step = 0; step < again->steps.size(); ++step)
      EXPECT_EQ(again->readings[step].true_peak, staged->plan.readings[step].true_peak);
  }
}

TEST(HeardDesk, OfATrackOnManyWaysIsOfItsParts) {
  RandomDesk desk(2);
  const Session session = desk.session(desk.flow);
  const DeskParts parts = desk_parts(session).value();
  ASSERT_GT(parts.parts.size(), session.tracks.size());
  const auto heard = hear_desk(session, parts, much_memory, {});
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->measurements.tracks.size(), session.tracks.size());
  EXPECT_EQ(heard->loudness.tracks(), parts.parts.size());
  EXPECT_EQ(heard->peaks.tracks(), parts.parts.size());
}

TEST(HeardDesk, OfNothingIsSilence) {
  Session nothing{"nothing", 48000.0, 2, {}, {}};
  const auto heard = hear_desk(nothing, desk_parts(nothing).value(), much_memory, {});
  ASSERT_TRUE(heard) << heard.error().sentence;
  EXPECT_TRUE(std::isinf(heard->loudness.reading().integrated.value));
  EXPECT_EQ(heard->peaks.bound({}).true_peak, silent_db);
  EXPECT_EQ(exact_true_peak(nothing, {}, heard->peaks.hop_bounds({}), {})->true_peak, silent_db);
}

// What was decoded while hearing serves to plan, and to find the peak.
TEST(HeardDesk, KeepsWhatItDecodes) {
  const VariedSession stems;
  DecodedSamples decoded(much_memory);
  WorkOptions work;
  work.decoded = &decoded;
  const DeskParts parts = desk_parts(stems.session()).value();
  const auto heard = hear_desk(stems.session(), parts, much_memory, {}, work);
  ASSERT_TRUE(heard);
  EXPECT_FALSE(decoded.samples(stems.session(), stems.session().tracks[2]).empty());
  const auto kept = plan(stems.session(), heard->measurements, {}, {}, work);
  const auto read = plan(stems.session(), heard->measurements, {}, {});
  EXPECT_EQ(mix_gains(*kept), mix_gains(*read));
}

TEST(MixLoudness, OfAStretchIsThatOfTheSoundInIt) {
  TestSession stems;
  stems.add("a.wav", phrases(0.4, 0.7), 9.0);
  stems.add("b.wav", tone(300.0, 0.1), 9.0);
  auto loudness = MixLoudness::measure(stems.session(), MixLoudness::Detail::hundredths).value();
  loudness.set_gains(stems.gains());
  const auto whole = loudness.reading(0.0, 9.0);
  EXPECT_EQ(whole.integrated, loudness.reading().integrated);
  EXPECT_EQ(whole.momentary_max, loudness.reading().momentary_max);
  const auto history = loudness.history();
  // The greatest momentary loudness of a stretch, of those every 100 ms that lie in it.
  const auto part = loudness.reading(2.0, 4.5);
  float greatest = -200.0f;
  for (std::size_t tenth = 23; tenth < 45; ++tenth)
    greatest = std::max(greatest, history.momentary_lufs[tenth]);
  EXPECT_GE(part.momentary_max.value, static_cast<double>(greatest) - 1e-4);
  EXPECT_LT(part.momentary_max.value, static_cast<double>(greatest) + 1.0);
  EXPECT_TRUE(std::isinf(loudness.reading(4.0, 4.0).integrated.value));
}

TEST(MixLoudness, TakesTheFinestThatFits) {
  using Detail = MixLoudness::Detail;
  const double hour_s = 3600.0;
  EXPECT_EQ(MixLoudness::finest(10, hour_s, much_memory).detail, Detail::hundredths);
  const auto many = MixLoudness::finest(384, hour_s, std::size_t{1} << 20);
  EXPECT_EQ(many.detail, Detail::tenths);
  EXPECT_EQ(many.precision, MixLoudness::Precision::half);
}

// However few or many faders move at once, and in whatever steps.
TEST(MixLoudness, DoesNotDependOnTheWayToTheGains) {
  const VariedSession stems;
  auto loudness = MixLoudness::measure(stems.session(), MixLoudness::Detail::tenths).value();
  std::mt19937 random(4);
  std::uniform_real_distribution<double> db(-30.0, 6.0);
  std::vector<Db> gains = stems.gains();
  for (int move = 0; move < 200; ++move) {
    for (std::size_t i = random() % 4; i > 0; --i)
      gains[random() % gains.size()] = random() % 5 == 0 ? silent_db : Db{db(random)};
    loudness.set_gains(gains);
  }
  const auto expected = loudness.loudness(gains);
  EXPECT_NEAR(loudness.reading().integrated.value, expected.integrated.value, 1e-6);
  EXPECT_NEAR(loudness.reading().short_term_max.value, expected.short_term_max.value, 1e-6);
}

}  // namespace
}  // namespace gainstage
