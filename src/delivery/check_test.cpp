// SPDX-License-Identifier: MIT
#include "delivery/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace gainstage {
namespace {

using testing::Contains;
using testing::Not;

Measure measure_of(double integrated, double true_peak) {
  Measure measure;
  measure.integrated = {integrated};
  measure.true_peak = {true_peak};
  measure.sample_peak = {true_peak};
  measure.short_term_max = {integrated + 3.0};
  measure.loudness_range = {6.0};
  measure.duration_s = 200.0;
  return measure;
}

Target built_in(std::string_view id) { return find_target(built_in_targets(), id).value(); }

TEST(Check, PassesWhatLiesWithinTheTolerance) {
  EXPECT_EQ(check(measure_of(-14.5, -1.0), built_in("spotify")).verdict, Verdict::pass);
}

TEST(Check, FailsWhatIsTooLoudAndSaysByWhichClause) {
  const Check result = check(measure_of(-13.4, -2.5), built_in("spotify"));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.clauses[0].result, ClauseResult::fail);
  EXPECT_EQ(result.clauses[1].result, ClauseResult::pass);
}

TEST(Check, ComparesFiguresAsTheyAreShown) {
  EXPECT_EQ(check(measure_of(-14.0, -0.9951), built_in("spotify")).verdict, Verdict::pass);
  EXPECT_EQ(check(measure_of(-14.0, -0.9949), built_in("spotify")).verdict, Verdict::fail);
}

TEST(Check, AppliesSpotifysLowerCeilingOnlyToLoudMasters) {
  EXPECT_EQ(check(measure_of(-14.0, -1.0), built_in("spotify")).clauses[2].result, ClauseResult::no_matter);
  EXPECT_EQ(check(measure_of(-9.0, -1.0), built_in("spotify")).clauses[2].result, ClauseResult::fail);
}

TEST(Check, IsNoPassWhenTheDecidingClauseCannotBeJudged) {
  const Check result = check(measure_of(-27.0, -3.0), built_in("netflix"));
  EXPECT_EQ(result.verdict, Verdict::cannot_be_judged_fully);
  EXPECT_TRUE(result.has_judged());
  EXPECT_EQ(result.clauses[0].measured, -27.0);
}

TEST(Check, FailsWhenAJudgedClauseFailsThoughAnotherCannotBeJudged) {
  EXPECT_EQ(check(measure_of(-27.0, -1.0), built_in("netflix")).verdict, Verdict::fail);
}

TEST(Check, SaysThatNothingWasJudged) {
  EXPECT_FALSE(check(measure_of(-27.0, -3.0), built_in("tasa-trailer")).has_judged());
}

TEST(Check, TakesAdviceAsNoViolation) {
  Measure measure = measure_of(-27.0, -3.0);
  measure.loudness_range = {25.0};
  const Check result = check(measure, built_in("netflix"));
  EXPECT_EQ(result.clauses[2].result, ClauseResult::advice);
  EXPECT_EQ(result.verdict, Verdict::cannot_be_judged_fully);
}

TEST(Check, JudgesAcxByRmsPeakAndNoiseFloor) {
  Measure measure = measure_of(-20.0, -4.0);
  measure.rms = {-20.5};
  measure.noise_floor = Db{-64.0};
  EXPECT_EQ(check(measure, built_in("acx")).verdict, Verdict::pass);
  measure.noise_floor = Db{-55.0};
  EXPECT_EQ(check(measure, built_in("acx")).verdict, Verdict::fail);
}

TEST(Check, SaysWhyASoundHasNoLoudness) {
  Measure measure = measure_of(-std::numeric_limits<double>::infinity(), -4.0);
  measure.duration_s = 0.3;
  const Check brief = check(measure, built_in("spotify"));
  EXPECT_EQ(brief.clauses[0].result, ClauseResult::fail);
  EXPECT_FALSE(brief.clauses[0].measured);
  EXPECT_THAT(brief.clauses[0].clause.reason, testing::HasSubstr("too short"));
  measure.duration_s = 3.0;
  EXPECT_THAT(check(measure, built_in("spotify")).clauses[0].clause.reason, testing::HasSubstr("too quiet"));
  measure.sample_peak = silent_db;
  const Check silent = check(measure, built_in("spotify"));
  EXPECT_TRUE(silent.clauses[0].measured);
  EXPECT_EQ(silent.clauses[0].clause.reason, "");
}

TEST(Check, DoesNotPassAFigureThatTheFileLacks) {
  Measure measure = measure_of(-20.0, -4.0);
  measure.rms = {-20.5};
  EXPECT_EQ(check(measure, built_in("acx")).verdict, Verdict::cannot_be_judged_fully);
}

TEST(Check, FailsSilence) { EXPECT_EQ(check(Measure{}, built_in("spotify")).verdict, Verdict::fail); }

TEST(TargetsMet, NamesOnlyDestinationsThatAskForALoudness) {
  const auto met = targets_met(measure_of(-16.0, -1.5), built_in_targets());
  EXPECT_THAT(met, Contains("apple-music"));
  EXPECT_THAT(met, Not(Contains("spotify")));
  EXPECT_THAT(met, Not(Contains("bandcamp")));
  EXPECT_THAT(met, Not(Contains("netflix")));
}

}  // namespace
}  // namespace gainstage
