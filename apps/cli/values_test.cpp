// SPDX-License-Identifier: MIT
#include "values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "completion.h"

namespace gainstage::cli {
namespace {

using testing::ElementsAre;

TEST(ParseNumber, TakesDecimalNotation) {
  EXPECT_EQ(parse_number("-18.5"), -18.5);
  EXPECT_EQ(parse_number("+3"), 3.0);
  EXPECT_EQ(parse_number("1e-3"), 0.001);
}

TEST(ParseNumber, RefusesEverythingElse) {
  for (const char* text :
       {"", "+", "-", "+-3", "-18.5x", " 1", "1 ", "0x10", "nan", "inf", "1e999", "1,5", "--1"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(ParseRole, SplitsAtTheLastEquals) {
  const auto role = parse_role("take=2.wav=Lead-Vocal");
  ASSERT_TRUE(role);
  EXPECT_EQ(role->first, "take=2.wav");
  EXPECT_EQ(role->second, Role::lead_vocal);
}

TEST(ParseGroup, ReadsEscapedCommasAndBackslashes) {
  const auto group = parse_group(R"(choir=a\,b.wav,c\\d.wav,e\f=g.wav)");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->name, "choir");
  EXPECT_THAT(group->tracks, ElementsAre("a,b.wav", "c\\d.wav", "e\\f=g.wav"));
}

TEST(GroupText, IsReadBack) {
  const std::vector<std::string> tracks{"a,b", "c\\", "=", "\\,"};
  EXPECT_EQ(parse_group(group_text("g", tracks))->tracks, tracks);
}

TEST(ShellWord, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_word("song/a.wav"), "song/a.wav");
  EXPECT_EQ(shell_word("my song"), "'my song'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("-song"), "-- -song");
}

}  // namespace
}  // namespace gainstage::cli
