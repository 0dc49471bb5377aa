// SPDX-License-Identifier: MIT
#include "settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "settings_file.h"

namespace gainstage::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Command& stage_command() { return *find_command("stage"); }

Result<Values> read(std::string_view toml) { return parse_settings(toml, "gainstage.toml", stage_command()); }

std::string refusal(std::string_view toml) {
  const auto values = read(toml);
  return values ? "" : values.error().sentence;
}

TEST(SettingsFile, HoldsWhatTheCommandLineHolds) {
  const auto values = read(R"(
target = -15.5
bits = 16
reach = "lower"
stems = true
lock = ["a.wav", "b, c.wav"]
order = ["high", "low", "mid", "effects"]
[role]
"x=y.wav" = "lead vocal"
[range]
"a.wav" = [-6, 1.5]
"b.wav" = "-3..3"
[group]
choir = ["alto, left.wav", "bass.wav"]
)");
  ASSERT_TRUE(values) << values.error().sentence;
  const Given given(stage_command(), *values);
  const auto target = chosen_target(given, built_in_targets());
  ASSERT_TRUE(target);
  const auto settings = stage_settings(given, *target);
  ASSERT_TRUE(settings) << settings.error().sentence;
  EXPECT_EQ(settings->staging.target.integrated, Lufs{-15.5});
  EXPECT_EQ(settings->render.bits, "16");
  EXPECT_EQ(settings->staging.reach, Reach::lower);
  EXPECT_THAT(settings->staging.locked, ElementsAre("a.wav", "b, c.wav"));
  EXPECT_THAT(settings->staging.order, ElementsAre(Band::high, Band::low, Band::mid, Band::effects));
  EXPECT_EQ(settings->staging.roles.at("x=y.wav"), Role::lead_vocal);
  EXPECT_EQ(settings->staging.ranges.at("a.wav").high, Db{1.5});
  EXPECT_EQ(settings->staging.ranges.at("b.wav").low, Db{-3.0});
  EXPECT_THAT(settings->staging.groups.at(0).tracks, ElementsAre("alto, left.wav", "bass.wav"));
}

TEST(SettingsFile, IsReadAsThePageHasIt) {
  std::ifstream page(GAINSTAGE_SOURCE_DIR "/docs/cli.md");
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  const std::size_t begin = text.find("```toml\n") + 8;
  const auto values = read(std::string_view(text).substr(begin, text.find("```", begin) - begin));
  ASSERT_TRUE(values) << values.error().sentence;
  for (const Option& option : stage_command().options) {
    const bool is_there = values->contains(option.name) || option.kind == Kind::flag;
    EXPECT_EQ(is_there && option.is_setting, option.is_setting) << option.name;
  }
}

TEST(SettingsFile, NamesTheLineOfWhatIsWrong) {
  EXPECT_THAT(refusal("target = \"cd\"\nanker = -12\n"), HasSubstr("line 2: unknown setting 'anker'"));
  EXPECT_THAT(refusal("\n\nanchor = \"-12\"\n"), HasSubstr("line 3: anchor wants a number"));
  EXPECT_THAT(refusal("anchor = 3\n"), HasSubstr("line 1: --anchor: 3 is outside"));
  EXPECT_THAT(refusal("anchor = nan\n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("[role]\n\"a.wav\" = \"kik\"\n"), HasSubstr("line 2: no role is called"));
  EXPECT_THAT(refusal("a = \n"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("stems = 1\n"), HasSubstr("true or false"));
  EXPECT_THAT(refusal("lock = [1]\n"), HasSubstr("a list of names"));
}

TEST(SettingsFile, HoldsNothingThatHasNoSayInTheResult) {
  EXPECT_THAT(refusal("force = true\n"), HasSubstr("unknown setting 'force'"));
  EXPECT_THAT(refusal("out = \"x\"\n"), HasSubstr("unknown setting 'out'"));
}

TEST(Merged, LetsTheCommandLineWin) {
  const Values file{
      {"anchor", {"-10"}}, {"lock", {"a"}}, {"role", {"x=kick", "y=snare"}}, {"style", {"pop"}}};
  const Values line{{"anchor", {"-14"}}, {"lock", {"b"}}, {"role", {"y=toms"}}};
  const Values all = merged(stage_command(), file, line);
  EXPECT_THAT(all.at("anchor"), ElementsAre("-14"));
  EXPECT_THAT(all.at("lock"), ElementsAre("b"));
  EXPECT_THAT(all.at("role"), ElementsAre("x=kick", "y=toms"));
  EXPECT_THAT(all.at("style"), ElementsAre("pop"));
}

TEST(Merged, KnowsATrackByEverySpelling) {
  Session session;
  for (const char* name : {"bass.wav", "drums/kick.wav"})
    session.tracks.push_back({name, name, 48000.0, 2, 1});
  const Values file{{"role", {"bass.wav=kick", "drums/kick=snare"}}, {"range", {"bass=-3..3"}}};
  const Values line{{"role", {"bass=bass", "drums/kick.wav=kick"}}, {"range", {"bass.wav=-1..1"}}};
  const auto all = merged(stage_command(), file, line, session);
  ASSERT_TRUE(all) << all.error().sentence;
  EXPECT_THAT(all->at("role"), ElementsAre("bass=bass", "drums/kick.wav=kick"));
  EXPECT_THAT(all->at("range"), ElementsAre("bass.wav=-1..1"));
}

TEST(Merged, RefusesTwoValuesOfOneSourceForOneTrack) {
  Session session;
  session.tracks.push_back({"bass.wav", "bass.wav", 48000.0, 2, 1});
  const Values twice{{"role", {"bass=kick", "bass.wav=bass"}}};
  const auto in_line = merged(stage_command(), {}, twice, session);
  ASSERT_FALSE(in_line);
  EXPECT_EQ(in_line.error().code, ErrorCode::usage);
  EXPECT_THAT(in_line.error().sentence, HasSubstr("--role is given twice for 'bass.wav'"));
  const auto in_file = merged(stage_command(), twice, {{"role", {"bass=pad"}}}, session);
  ASSERT_FALSE(in_file);
  EXPECT_EQ(in_file.error().code, ErrorCode::usage);
  EXPECT_THAT(in_file.error().sentence, HasSubstr("gainstage.toml"));
}

TEST(ChosenTarget, TakesNumbersForLoudness) {
  const Values values{{"target", {"-16"}}, {"ceiling", {"-2"}}};
  const auto target = chosen_target(Given(stage_command(), values), built_in_targets());
  ASSERT_TRUE(target);
  EXPECT_EQ(target->aim->ceiling, Db{-2.0});
  for (const char* wrong : {"-18.5x", "-200", "5", "-nan", "--", "+"}) {
    const Values given{{"target", {wrong}}};
    EXPECT_FALSE(chosen_target(Given(stage_command(), given), built_in_targets())) << wrong;
  }
}

TEST(StageSettings, RefuseATargetThatAsksForNoLoudness) {
  const Values values{{"target", {"acx"}}};
  const Given given(stage_command(), values);
  const auto settings = stage_settings(given, chosen_target(given, built_in_targets()).value());
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().sentence, HasSubstr("check --target acx"));
}

TEST(StageSettings, RefuseFloatingPointInFlac) {
  const Values values{{"format", {"flac"}}, {"bits", {"32f"}}};
  const Given given(stage_command(), values);
  EXPECT_FALSE(stage_settings(given, chosen_target(given, built_in_targets()).value()));
}

TEST(Settings, AreRecordedWithTheirKinds) {
  const Values values{{"anchor", {"-14"}}, {"stems", {""}}, {"lock", {"a", "b"}}, {"json", {""}}};
  const Json json = Given(stage_command(), values).settings();
  EXPECT_EQ(json["anchor"], -14.0);
  EXPECT_EQ(json["stems"], true);
  EXPECT_EQ(json["lock"].size(), 2u);
  EXPECT_EQ(json["target"], "spotify");
  EXPECT_EQ(json["nominal"], -18.0);
  EXPECT_TRUE(json["ceiling"].is_null());
  EXPECT_FALSE(json.contains("json"));
}

}  // namespace
}  // namespace gainstage::cli
