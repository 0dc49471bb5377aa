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
  rendering.limiter_ceiling = options.target.ceiling;
  ASSERT_TRUE(render_mix(stems.session(), mix_gains(plan), path, rendering));
  const auto file = measure_file(path, {});
  ASSERT_TRUE(file);
  EXPECT_NEAR(file->measure.integrated.value, plan.predicted.integrated.value, 0.01);
  EXPECT_NEAR(file->measure.true_peak.value, plan.predicted.true_peak.value, 0.01);
  EXPECT_NEAR(file->measure.short_term_max.value, plan.predicted.short_term_max.value, 0.01);
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
