// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/engine.h"
#include "engine/live/live_desk.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

TEST(Stage, RefusesASilentSession) {
  TestSession stems;
  stems.add("a.wav", silence(), 1.0);
  stems.add("b.wav", silence(), 1.0, 1);
  const auto staged = stage(stems.session(), {}, {});
  ASSERT_FALSE(staged);
  EXPECT_EQ(staged.error().code, ErrorCode::bad_input);
  EXPECT_NE(staged.error().sentence.find("silent"), std::string::npos);
}

TEST(Stage, RefusesTracksThatCancelEachOther) {
  TestSession stems;
  const AudioBuffer plus = render(phrases(0.5, 0.7), 48000.0, 2, 4.0, 1);
  AudioBuffer minus = render(phrases(0.5, 0.7), 48000.0, 2, 4.0, 1);
  for (std::size_t c = 0; c < 2; ++c) {
    for (float& sample : minus.view().channel(c)) sample = -sample;
  }
  stems.add("guitar 1.wav", plus, 48000.0);
  stems.add("guitar 2.wav", minus, 48000.0);
  const auto staged = stage(stems.session(), {}, {});
  ASSERT_FALSE(staged);
  EXPECT_EQ(staged.error().code, ErrorCode::bad_input);
  EXPECT_NE(staged.error().sentence.find("cancel each other"), std::string::npos);
}

TEST(Stage, WritesWhatThePlanPredicts) {
  const VariedSession stems;
  const auto staged = stage(stems.session(), {}, {});
  ASSERT_TRUE(staged) << staged.error().sentence;
  const GainPlan& plan = staged->plan;
  ASSERT_EQ(plan.tracks.size(), stems.session().tracks.size());
  const std::vector<Db> gains = mix_gains(plan);
  const std::string path = stems.folder() / "mix.wav";
  RenderOptions options;
  ASSERT_TRUE(render_mix(stems.session(), gains, path, options));
  const auto file = measure_file(path, {});
  ASSERT_TRUE(file);
  EXPECT_NEAR(file->measure.integrated.value, plan.predicted.integrated.value, 0.01);
  EXPECT_NEAR(file->measure.true_peak.value, plan.predicted.true_peak.value, 0.01);
  EXPECT_NEAR(file->measure.sample_peak.value, plan.predicted.sample_peak.value, 0.01);
  EXPECT_NEAR(file->measure.momentary_max.value, plan.predicted.momentary_max.value, 0.01);
  EXPECT_NEAR(file->measure.short_term_max.value, plan.predicted.short_term_max.value, 0.01);
  EXPECT_NEAR(file->measure.loudness_range.value, plan.predicted.loudness_range.value, 0.01);
  EXPECT_LE(file->measure.true_peak.value, -1.0 + 1e-3);
}

/// What a track's signal is multiplied by in the mix, less the same of the first track: the balance.
std::vector<double> balance_of(const GainPlan& plan) {
  std::vector<double> balance;
  for (const TrackPlan& track : plan.tracks)
    balance.push_back(track.gain().value - plan.tracks[0].gain().value);
  return balance;
}

void add_band(TestSession& stems, const std::vector<double>& levels_db) {
  const auto scaled = [](Signal signal, double db) {
    return [=](double t, std::size_t c, std::mt19937& random) {
      return static_cast<float>(to_ratio({db})) * signal(t, c, random);
    };
  };
  stems.add("bass.wav", scaled(tone(82.4, 0.3), levels_db[0]), 6.0, 1);
  stems.add("guitar.wav", scaled(phrases(0.4, 0.7), levels_db[1]), 6.0);
  stems.add("kick.wav", scaled(phrases(0.8, 0.5), levels_db[2]), 6.0, 1);
  stems.add("lead vocal.wav", scaled(tone(440.0, 0.2), levels_db[3]), 6.0, 1);
}

// Everything is relative to a track's own level, so how loud a stem was delivered decides nothing.
TEST(Stage, ScrambledLevelsGiveTheSameMix) {
  TestSession plain;
  add_band(plain, {0.0, 0.0, 0.0, 0.0});
  TestSession scrambled;
  const std::vector<double> scramble{-12.0, 1.5, -6.5, 10.0};
  add_band(scrambled, scramble);
  const auto first = stage(plain.session(), {}, {});
  const auto second = stage(scrambled.session(), {}, {});
  ASSERT_TRUE(first && second);
  const std::vector<double> a = balance_of(first->plan);
  const std::vector<double> b = balance_of(second->plan);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(b[i] + scramble[i] - scramble[0], a[i], 0.1) << "track " << i;
  }
}

TEST(Stage, StagingAStagedFolderMovesNothing) {
  TestSession stems;
  add_band(stems, {0.0, -3.0, 2.0, 5.0});
  const auto first = stage(stems.session(), {}, {});
  ASSERT_TRUE(first);
  std::vector<Db> gains;
  for (const TrackPlan& track : first->plan.tracks) gains.push_back(track.gain() + first->plan.raise);
  RenderOptions options;
  options.format.sample_format = SampleFormat::float32;
  const auto written = render_stems(stems.session(), gains, stems.folder() / "stems", options);
  ASSERT_TRUE(written);
  Session staged = stems.session();
  for (std::size_t i = 0; i < staged.tracks.size(); ++i) staged.tracks[i].source_path = written->paths[i];
  const auto second = stage(staged, {}, {});
  ASSERT_TRUE(second);
  for (const TrackPlan& track : second->plan.tracks) {
    EXPECT_NEAR((track.gain() + second->plan.raise).value, 0.0, 0.05) << track.name;
  }
}

// A range has the low end read apart from the build, where a flow's tracks have no file to look into.
TEST(Stage, HoldsARangeInAFlowAsInStems) {
  TestSession stems;
  add_band(stems, {0.0, -3.0, 2.0, 5.0});
  StagingOptions staging;
  staging.ranges["kick.wav"] = {Db{-2.0}, Db{2.0}};
  const Session flow = flow_of_stems(stems.session());
  const auto of_stems = stage(stems.session(), staging, {});
  const auto of_flow = stage(flow, staging, {});
  ASSERT_TRUE(of_stems) << of_stems.error().sentence;
  ASSERT_TRUE(of_flow) << of_flow.error().sentence;
  EXPECT_EQ(mix_gains(of_flow->plan), mix_gains(of_stems->plan));
}

/// What a plan with a base turns each track by, and what it makes of stems that the base was printed into.
void expect_plan_of_printed(const StagingOptions& staging, const std::vector<Db>& base) {
  TestSession plain;
  add_band(plain, {0.0, 0.0, 0.0, 0.0});
  TestSession printed;
  add_band(printed, {base[0].value, base[1].value, base[2].value, base[3].value});
  const auto measured = measure_session(plain.session(), {});
  ASSERT_TRUE(measured);
  const auto based = plan(plain.session(), *measured, staging, {}, {}, base);
  const auto anew = stage(printed.session(), staging, {});
  ASSERT_TRUE(based) << based.error().sentence;
  ASSERT_TRUE(anew) << anew.error().sentence;
  for (std::size_t t = 0; t < base.size(); ++t) {
    EXPECT_EQ(based->tracks[t].is_silent, anew->plan.tracks[t].is_silent);
    EXPECT_NEAR(mix_gains(*based)[t].value, mix_gains(anew->plan)[t].value + base[t].value, 0.02)
        << "track " << t;
  }
  EXPECT_NEAR(based->predicted.integrated.value, anew->plan.predicted.integrated.value, 0.02);
  EXPECT_NEAR(based->predicted.true_peak.value, anew->plan.predicted.true_peak.value, 0.02);
}

TEST(Stage, ABaseIsAsIfItWerePrinted) {
  const std::vector<Db> base{{-6.5}, {2.25}, {-3.0}, {1.0}};
  StagingOptions keeping;
  keeping.keep_levels_percent = 50.0;
  StagingOptions locking;
  locking.locked = {"guitar.wav"};
  StagingOptions ranging;
  ranging.ranges["kick.wav"] = {Db{-1.0}, Db{1.0}};
  for (const StagingOptions& staging : {StagingOptions{}, keeping, locking, ranging})
    expect_plan_of_printed(staging, base);
}

TEST(Stage, ABaseOfMinusInfinityLeavesOut) {
  TestSession stems;
  add_band(stems, {0.0, 0.0, 0.0, 0.0});
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  const std::vector<Db> base{Db{}, silent_db, Db{}, Db{}};
  const auto made = plan(stems.session(), *measured, {}, {}, {}, base);
  ASSERT_TRUE(made) << made.error().sentence;
  EXPECT_EQ(mix_gains(*made)[1], silent_db);
  for (const BuildStep& step : made->steps) EXPECT_EQ(std::ranges::count(step.tracks, 1U), 0) << step.name;
  const std::vector<Db> nothing(4, silent_db);
  const auto none = plan(stems.session(), *measured, {}, {}, {}, nothing);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::bad_input);
}

}  // namespace
}  // namespace gainstage
