// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "report/report.h"

namespace gainstage {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Two tracks, the second silent, in one step.
Report small_report() {
  Report report;
  report.version = "1.2.3";
  report.session_name = "song";
  report.sample_rate_hz = 48000.0;
  report.channels = 2;
  report.duration_s = 10.0;
  ReportTrack kick;
  kick.plan.name = "kick.wav";
  kick.plan.role.role = Role::kick;
  kick.plan.role.band = Band::low;
  kick.plan.loudness_while_sounding = {-16.2};
  kick.plan.detector = SoundingDetector::momentary;
  kick.plan.nominal = {0.1};
  kick.plan.fader = {0.2};
  kick.plan.why = "Because.";
  kick.total = {-1.0};
  kick.clip.integrated = {-16.0};
  kick.clip.sample_peak = {-3.0};
  ReportTrack silent;
  silent.plan.name = "nothing.wav";
  silent.plan.is_silent = true;
  report.tracks = {kick, silent};
  report.steps = {{"low end", Band::low, {0}}};
  report.readings = {{{-12.0}, {-11.5}, {-20.0}, {-18.0}}};
  report.anchor_step = "low end";
  report.target = find_target(built_in_targets(), "spotify").value();
  report.aim = *report.target.aim;
  report.warnings = {{"silent", "nothing.wav", "It is silent.", std::nullopt},
                     {"clipped", "", "It clips.", 1.5}};
  return report;
}

Json parsed(const Report& report) { return Json::parse(to_json_text(report)); }

TEST(ReportJson, WritesSilenceAsNullWithAFlag) {
  const Json json = parsed(small_report());
  const Json& clip = json["tracks"][1]["measure"]["clip"];
  EXPECT_TRUE(clip["integrated_lufs"].is_null());
  EXPECT_EQ(clip["silent"], true);
  EXPECT_EQ(json["tracks"][0]["measure"]["clip"]["silent"], false);
  EXPECT_EQ(json["tracks"][1]["sounding"]["silent"], true);
}

TEST(ReportJson, TakesAMeanThatIsRoundingForNoOffset) {
  Measure measure;
  measure.dc_offset = Db{-264.0};
  EXPECT_TRUE(to_json(measure)["dc_offset_dbfs"].is_null());
  measure.dc_offset = Db{-92.0};
  EXPECT_EQ(to_json(measure)["dc_offset_dbfs"], -92.0);
}

TEST(ReportJson, NeverHoldsANumberThatIsNone) {
  Report report = small_report();
  report.tracks[0].clip.stereo = StereoField{nan, nan, {std::numeric_limits<double>::infinity()}, silent_db};
  report.anchor_reading = silent_db;
  const std::string text = to_json_text(report);
  EXPECT_TRUE(Json::accept(text));
  EXPECT_THAT(text, Not(HasSubstr("nan")));
  EXPECT_THAT(text, Not(HasSubstr("inf\n")));
}

TEST(ReportJson, ClearsSumsOfDecisionsOfBinaryCrumbs) {
  EXPECT_THAT(to_json_text(small_report()), HasSubstr("\"gain_db\": 0.3,"));
}

TEST(ReportJson, SaysThatADryRunIsAPrediction) {
  Report report = small_report();
  report.predicted.integrated = {-14.0};
  const Json dry = parsed(report);
  EXPECT_EQ(dry["master"]["predicted"], true);
  EXPECT_EQ(dry["master"]["integrated_lufs"], -14.0);
  EXPECT_TRUE(dry["master"]["rms_dbfs"].is_null());
  EXPECT_TRUE(dry["charts"].is_null());
  report.master = Measure{};
  EXPECT_EQ(parsed(report)["master"]["predicted"], false);
}

TEST(ReportJson, ListsTheClausesOfTheTarget) {
  Report report = small_report();
  report.master = Measure{};
  report.master->integrated = {-9.0};
  report.master->true_peak = {-1.0};
  const Json target = parsed(report)["target"];
  EXPECT_EQ(target["verdict"], "fail");
  EXPECT_EQ(target["clauses"][0]["measured"], -9.0);
  EXPECT_EQ(target["clauses"][0]["result"], "fail");
}

TEST(ReportJson, WritesWarningsWithTheirPlace) {
  const Json warnings = parsed(small_report())["warnings"];
  EXPECT_EQ(warnings[0]["track"], "nothing.wav");
  EXPECT_TRUE(warnings[0]["where"].is_null());
  EXPECT_TRUE(warnings[1]["track"].is_null());
  EXPECT_EQ(warnings[1]["where"]["seconds"], 1.5);
}

TEST(ReportJson, ThinsLongSeriesToTheGreatestOfEachHop) {
  Report report = small_report();
  Charts charts;
  charts.hop_s = 0.1;
  charts.momentary_lufs.assign(12001, -30.0f);
  charts.momentary_lufs[1] = -10.0f;
  charts.short_term_lufs.assign(12001, -std::numeric_limits<float>::infinity());
  report.charts = charts;
  const Json loudness = parsed(report)["charts"]["loudness"];
  EXPECT_LE(loudness["momentary_lufs"].size(), 6000u);
  EXPECT_DOUBLE_EQ(loudness["hop_s"].get<double>(), 0.3);
  EXPECT_EQ(loudness["momentary_lufs"][0], -10.0);
  EXPECT_TRUE(loudness["short_term_lufs"][0].is_null());
}

TEST(ReportJson, LaysTheTonalBalanceOnTheMix) {
  Report report = small_report();
  SpectrumChart spectrum;
  spectrum.mix.fill(1e-6);
  report.charts = Charts{};
  report.charts->spectrum = spectrum;
  const Json target = parsed(report)["charts"]["spectrum"]["target_db"];
  ASSERT_EQ(target.size(), 31u);
  double sum = 0.0;  // Over the bands it is laid on, 40 Hz to 16 kHz, its mean is the mix's.
  for (std::size_t band = 3; band < 30; ++band) sum += target[band].get<double>();
  EXPECT_NEAR(sum / 27.0, -60.0, 0.01);
}

TEST(MeasureAfter, MovesLevelsAndLeavesDistances) {
  TrackMeasurements track;
  track.clip.integrated = {-20.0};
  track.clip.true_peak = {-6.0};
  track.clip.plr = Db{14.0};
  track.clip.loudness_range = {5.0};
  const Measure moved = measure_after(track, {3.0});
  EXPECT_DOUBLE_EQ(moved.integrated.value, -17.0);
  EXPECT_DOUBLE_EQ(moved.true_peak.value, -3.0);
  EXPECT_DOUBLE_EQ(moved.plr->value, 14.0);
  EXPECT_DOUBLE_EQ(moved.loudness_range.value, 5.0);
}

TEST(MeasureAfter, KeepsSilenceSilent) {
  EXPECT_TRUE(measure_after(TrackMeasurements{}, {30.0}).is_silent());
}

TEST(Pretty, ReplacesBytesThatAreNotUtf8) { EXPECT_TRUE(Json::accept(pretty({{"name", "kick\xff.wav"}}))); }

TEST(Pretty, KeepsPlainListsOnOneLine) {
  EXPECT_EQ(pretty({{"a", Json::array({1, 2})}, {"b", Json::object()}}),
            "{\n  \"a\": [1,2],\n  \"b\": {}\n}\n");
}

}  // namespace
}  // namespace gainstage
