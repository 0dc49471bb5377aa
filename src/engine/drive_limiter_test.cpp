// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace gainstage::test;

/// Stages with the target `over` dB louder than plain gain gets, and a limiter allowed.
StagedSession staged_through_limiter(const Session& session, StagingOptions& options, Db over) {
  options.target = {"numbers", {-3.0}, {-1.0}};
  const Result<StagedSession> plain = stage(session, options, {});
  options.target.integrated = plain.value().plan.predicted.integrated + over;
  options.reach = Reach::limit;
  return stage(session, options, {}).value();
}

TEST(DriveLimiter, MeetsTheTargetBehindIt) {
  const VariedSession stems;
  StagingOptions options;
  const GainPlan plan = staged_through_limiter(stems.session(), options, Db{3.0}).plan;
  EXPECT_TRUE(plan.outcome.needs_limiter);
  EXPECT_TRUE(plan.outcome.is_reached);
  EXPECT_NEAR(plan.predicted.integrated.value, options.target.integrated.value, 0.05);
  EXPECT_LE(plan.predicted.true_peak.value, options.target.ceiling.value + 0.05);
}

TEST(DriveLimiter, PredictsTheWrittenFile) {
  const VariedSession stems;
  StagingOptions options;
  const GainPlan plan = staged_through_limiter(stems.session(), options, Db{3.0}).plan;
  const std::string path = stems.folder() / "mix.wav";
  RenderOptions rendering;
  rendering.limiter_ceiling = plan.limiter_ceiling;
  ASSERT_TRUE(render_mix(stems.session(), mix_gains(plan), path, rendering));
  const auto file = measure_file(path, {});
  ASSERT_TRUE(file);
  EXPECT_NEAR(file->measure.integrated.value, plan.predicted.integrated.value, 0.01);
  EXPECT_NEAR(file->measure.true_peak.value, plan.predicted.true_peak.value, 0.01);
  EXPECT_NEAR(file->measure.short_term_max.value, plan.predicted.short_term_max.value, 0.01);
}

// A moving gain leaves small peaks between the samples that one detector may see and another may not.
TEST(DriveLimiter, KeepsTheFileUnderTheCeilingWhateverDetectorReads) {
  TestSession stems;
  stems.add("hats.wav", phrases(0.9, 0.31), 4.0);
  stems.add("noise.wav", phrases(0.7, 0.5), 4.0, 1);
  const auto read = [&](const std::string& path, TruePeakFilter filter) {
    MeasureOptions measuring;
    measuring.true_peak = filter;
    return measure_file(path, measuring).value().measure.true_peak;
  };
  for (const TruePeakFilter chosen : {TruePeakFilter::bs1770_4x, TruePeakFilter::oversampled_16x}) {
    StagingOptions options;
    options.target = {"numbers", {-7.0}, {-1.0}};
    options.reach = Reach::limit;
    MeasureOptions measuring;
    measuring.true_peak = chosen;
    const GainPlan plan = stage(stems.session(), options, measuring).value().plan;
    ASSERT_TRUE(plan.outcome.needs_limiter);
    const std::string path = stems.folder() / "mix.wav";
    RenderOptions rendering;
    rendering.limiter_ceiling = plan.limiter_ceiling;
    rendering.overwrite = Overwrite::yes;
    ASSERT_TRUE(render_mix(stems.session(), mix_gains(plan), path, rendering));
    EXPECT_LE(read(path, TruePeakFilter::bs1770_4x).value, -1.0 + 0.0011);
    EXPECT_LE(read(path, TruePeakFilter::oversampled_16x).value, -1.0 + 0.0011);
  }
}

TEST(DriveLimiter, IsLeftOutWherePlainGainIsEnough) {
  const VariedSession stems;
  StagingOptions options;
  const GainPlan plan = staged_through_limiter(stems.session(), options, Db{-1.0}).plan;
  EXPECT_FALSE(plan.outcome.needs_limiter);
  EXPECT_TRUE(plan.outcome.is_reached);
}

}  // namespace
}  // namespace gainstage
