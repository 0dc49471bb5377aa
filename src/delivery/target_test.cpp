// SPDX-License-Identifier: MIT
#include "delivery/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace gainstage {
namespace {

using testing::HasSubstr;

std::string own_file(std::string_view clause) {
  return R"({"schema": "gainstage.targets/1", "targets": [{"id": "mine", "title": "Mine", "clauses": [)" +
         std::string(clause) + "]}]}";
}

TEST(BuiltInTargets, AreAllReadFromTheFileInTheTree) {
  std::ifstream file(GAINSTAGE_SOURCE_DIR "/src/delivery/targets.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto parsed = parse_targets(text.str(), "targets.json");
  ASSERT_TRUE(parsed) << parsed.error().sentence;
  EXPECT_EQ(parsed->size(), built_in_targets().size());
  EXPECT_GE(built_in_targets().size(), 42u);
}

TEST(BuiltInTargets, SayWhereTheyComeFrom) {
  for (const Target& target : built_in_targets()) {
    EXPECT_FALSE(target.source.empty()) << target.id;
    EXPECT_TRUE(target.source_url.starts_with("https://")) << target.id;
    EXPECT_FALSE(target.kind.empty()) << target.id;
    EXPECT_EQ(target.checked_on, "2026-11-22") << target.id;
    EXPECT_NE(target.confidence, Confidence::user) << target.id;
  }
}

TEST(BuiltInTargets, AimAtWhatTheirClausesWant) {
  const Target spotify = find_target(built_in_targets(), "spotify").value();
  EXPECT_EQ(spotify.aim->integrated, Lufs{-14.0});
  EXPECT_EQ(spotify.aim->ceiling, Db{-1.0});
  EXPECT_EQ(find_target(built_in_targets(), "amazon-music")->aim->ceiling, Db{-2.0});
  EXPECT_FALSE(find_target(built_in_targets(), "acx")->aim);
}

TEST(BuiltInTargets, WarnOfFiguresThatAreNotSure) {
  EXPECT_FALSE(confidence_warning(find_target(built_in_targets(), "spotify").value()));
  EXPECT_THAT(*confidence_warning(find_target(built_in_targets(), "qobuz").value()), HasSubstr("memory"));
  EXPECT_THAT(*confidence_warning(find_target(built_in_targets(), "soundcloud").value()),
              HasSubstr("contradict"));
}

TEST(FindTarget, NamesTheNearestOfAMisspeltOne) {
  const auto found = find_target(built_in_targets(), "spotfy");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::usage);
  EXPECT_THAT(found.error().sentence, HasSubstr("did you mean spotify?"));
}

TEST(ParseTargets, ReadsAUsersOwn) {
  const auto parsed =
      parse_targets(own_file(R"({"figure": "integrated_lufs", "wanted": -15.5, "tolerance": 0.3})"), "f");
  ASSERT_TRUE(parsed) << parsed.error().sentence;
  EXPECT_EQ(parsed->front().aim->integrated, Lufs{-15.5});
  EXPECT_EQ(parsed->front().confidence, Confidence::user);
}

TEST(ParseTargets, RefusesUnknownNames) {
  const auto parsed = parse_targets(own_file(R"({"figure": "integrated_lufs", "maximum": -15.5})"), "f");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().sentence, HasSubstr("target 'mine', clause 1"));
}

TEST(ParseTargets, RefusesWhatIsNoClause) {
  EXPECT_FALSE(parse_targets(own_file(R"({"figure": "volume", "max": 3})"), "f"));
  EXPECT_FALSE(parse_targets(own_file(R"({"figure": "lra_lu"})"), "f"));
  EXPECT_FALSE(parse_targets(own_file(R"({"figure": "lra_lu", "min": 3, "max": 2})"), "f"));
  EXPECT_FALSE(parse_targets(own_file(R"({"figure": "lra_lu", "max": "3"})"), "f"));
  EXPECT_FALSE(parse_targets(own_file(R"({"not_judged": "taste"})"), "f"));
  EXPECT_FALSE(parse_targets(own_file("7"), "f"));
}

TEST(ParseTargets, NamesTheLineThatIsNoJson) {
  const auto parsed = parse_targets("{\n\"schema\": oops}", "my.json");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().sentence, HasSubstr("my.json: line 2"));
}

TEST(ParseTargets, RefusesASchemaThatIsNoText) {
  EXPECT_FALSE(parse_targets(R"({"schema": 1, "targets": []})", "f"));
}

TEST(ParseTargets, RefusesNumbersThatAreTooLarge) {
  EXPECT_FALSE(parse_targets(own_file(R"({"figure": "lra_lu", "max": 1e999})"), "f"));
}

TEST(Merged, LetsTheUsersTargetTakeTheBuiltInsPlace) {
  Target mine = numeric_target({-12.0}, {-0.5});
  mine.id = "spotify";
  const auto all = merged(built_in_targets(), {mine});
  EXPECT_EQ(all.size(), built_in_targets().size());
  EXPECT_EQ(find_target(all, "spotify")->aim->integrated, Lufs{-12.0});
}

TEST(Demand, IsSaidInWords) {
  const Target spotify = find_target(built_in_targets(), "spotify").value();
  EXPECT_EQ(demand(spotify.clauses[0]), "-14.0 LUFS ±0.5");
  EXPECT_EQ(demand(spotify.clauses[2]), "at most -2.0 dBTP when integrated is over -13.5 LUFS");
}

}  // namespace
}  // namespace gainstage
