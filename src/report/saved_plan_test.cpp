// SPDX-License-Identifier: MIT
#include "report/saved_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gainstage {
namespace {

using testing::HasSubstr;

Report two_tracks() {
  Report report;
  report.sample_rate_hz = 44100.0;
  report.channels = 2;
  for (const char* name : {"a.wav", "b.wav"}) {
    ReportTrack track;
    track.plan.name = name;
    track.total = {-3.07};
    report.tracks.push_back(track);
  }
  report.tracks[1].total = {0.1 + 0.2};
  report.render.bits = "16";
  report.render.limiter_ceiling = Db{-1.0};
  report.target = find_target(built_in_targets(), "spotify").value();
  return report;
}

Session session_of(std::vector<std::string> names) {
  Session session;
  session.sample_rate_hz = 44100.0;
  for (std::string& name : names) session.tracks.push_back({std::move(name), "", 44100.0, 2, 100});
  return session;
}

TEST(SavedPlan, IsReadAsItWasWritten) {
  const auto plan = parse_saved_plan(to_json_text(two_tracks()), "report.json");
  ASSERT_TRUE(plan) << plan.error().sentence;
  EXPECT_EQ(plan->gains[0].total, Db{-3.07});
  EXPECT_EQ(plan->render.bits, "16");
  EXPECT_EQ(plan->render.limiter_ceiling, Db{-1.0});
  EXPECT_FALSE(plan->render.non_finite_as_silence);
}

TEST(SavedPlan, GivesGainsInTheSessionsOrder) {
  const auto plan = parse_saved_plan(to_json_text(two_tracks()), "report.json").value();
  const auto gains = gains_for(plan, session_of({"b.wav", "a.wav"}), "report.json");
  ASSERT_TRUE(gains);
  EXPECT_EQ((*gains)[1], Db{-3.07});
}

TEST(SavedPlan, MissesNoTrackInEitherDirection) {
  const auto plan = parse_saved_plan(to_json_text(two_tracks()), "report.json").value();
  const auto fewer = gains_for(plan, session_of({"a.wav"}), "report.json");
  ASSERT_FALSE(fewer);
  EXPECT_THAT(fewer.error().sentence, HasSubstr("'b.wav'"));
  const auto more = gains_for(plan, session_of({"a.wav", "b.wav", "c.wav"}), "report.json");
  ASSERT_FALSE(more);
  EXPECT_THAT(more.error().sentence, HasSubstr("'c.wav'"));
}

TEST(SavedPlan, RefusesStemsOfAnotherRate) {
  const auto plan = parse_saved_plan(to_json_text(two_tracks()), "report.json").value();
  Session session = session_of({"a.wav", "b.wav"});
  session.sample_rate_hz = 48000.0;
  EXPECT_FALSE(gains_for(plan, session, "report.json"));
}

TEST(SavedPlan, KeepsSilentTracksOut) {
  Report report = two_tracks();
  report.tracks[0].plan.is_silent = true;
  report.tracks[0].total = silent_db;
  const auto plan = parse_saved_plan(to_json_text(report), "report.json");
  ASSERT_TRUE(plan) << plan.error().sentence;
  EXPECT_EQ(plan->gains[0].total, silent_db);
}

TEST(SavedPlan, RefusesWhatIsNone) {
  Json json = Json::parse(to_json_text(two_tracks()));
  const auto refused = [](const Json& wrong) { return !parse_saved_plan(wrong.dump(), "f"); };
  EXPECT_FALSE(parse_saved_plan("", "f"));
  EXPECT_FALSE(parse_saved_plan("[1, 2", "f"));
  EXPECT_TRUE(refused(Json::array()));
  Json wrong = json;
  wrong["schema"] = "gainstage.measure/1";
  EXPECT_TRUE(refused(wrong));
  wrong = json;
  wrong["tracks"][0]["total_db"] = nullptr;
  EXPECT_TRUE(refused(wrong));
  wrong = json;
  wrong["tracks"][0]["total_db"] = 1e6;
  EXPECT_TRUE(refused(wrong));
  wrong = json;
  wrong["tracks"][1]["name"] = "a.wav";
  EXPECT_TRUE(refused(wrong));
  wrong = json;
  wrong["render"]["bits"] = "12";
  EXPECT_TRUE(refused(wrong));
  wrong = json;
  wrong["session"]["channels"] = -2;
  EXPECT_TRUE(refused(wrong));
}

}  // namespace
}  // namespace gainstage
