// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <cmath>

#include "engine/engine.h"
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

TEST(Stage, WritesWhatThePlanPredicts) {
  const VariedSession stems;
  const auto staged = stage(stems.session(), {}, {});
  ASSERT_TRUE(staged) << staged.error().sentence;
  const GainPlan& plan = staged->plan;
  ASSERT_EQ(plan.tracks.size(), stems.session().tracks.size());
  std::vector<Db> gains;
  for (const TrackPlan& track : plan.tracks)
    gains.push_back(track.is_silent ? silent_db : track.gain() + plan.raise);
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

}  // namespace
}  // namespace gainstage
