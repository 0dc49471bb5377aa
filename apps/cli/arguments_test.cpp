// SPDX-License-Identifier: MIT
#include "arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace gainstage::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Arguments> parse(std::vector<std::string> words) { return parse_arguments(words); }

std::string refusal(std::vector<std::string> words) {
  const auto parsed = parse(std::move(words));
  if (parsed) return "";
  EXPECT_EQ(parsed.error().code, ErrorCode::usage);
  return parsed.error().sentence;
}

TEST(Arguments, TakeOptionsBeforeAndAfterOperands) {
  const auto parsed = parse({"stage", "--target", "-16", "song", "-o", "out", "--json"});
  ASSERT_TRUE(parsed) << parsed.error().sentence;
  EXPECT_THAT(parsed->operands, ElementsAre("song"));
  EXPECT_THAT(parsed->values.at("target"), ElementsAre("-16"));
  EXPECT_THAT(parsed->values.at("out"), ElementsAre("out"));
  EXPECT_TRUE(parsed->values.contains("json"));
}

TEST(Arguments, TakeEverythingAfterTwoDashesForOperands) {
  const auto parsed = parse({"measure", "--", "-o.wav", "--json", "[x].wav"});
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->operands, ElementsAre("-o.wav", "--json", "[x].wav"));
}

TEST(Arguments, TakeLettersTogetherAndWithTheirValue) {
  const auto parsed = parse({"stage", "-nqoout", "song"});
  ASSERT_TRUE(parsed) << parsed.error().sentence;
  EXPECT_TRUE(parsed->values.contains("dry-run"));
  EXPECT_TRUE(parsed->values.contains("quiet"));
  EXPECT_THAT(parsed->values.at("out"), ElementsAre("out"));
}

TEST(Arguments, KeepWhatIsGivenAgain) {
  const auto parsed = parse({"stage", "song", "--role", "a=kick", "--role=b=snare"});
  ASSERT_TRUE(parsed) << parsed.error().sentence;
  EXPECT_THAT(parsed->values.at("role"), ElementsAre("a=kick", "b=snare"));
}

TEST(Arguments, NameWhatAWrongWordProbablyMeant) {
  EXPECT_THAT(refusal({"stagge", "song"}), HasSubstr("did you mean stage?"));
  EXPECT_THAT(refusal({"stage", "song", "--taget", "cd"}), HasSubstr("did you mean --target?"));
  EXPECT_THAT(refusal({"stage", "song", "--reach", "limti"}), HasSubstr("did you mean limit?"));
  EXPECT_THAT(refusal({"stage", "song", "--role", "a=kik"}), HasSubstr("did you mean 'kick'?"));
}

TEST(Arguments, AreStrict) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {},
           {"stage"},
           {"stage", ""},
           {"stage", "a", "b"},
           {"roles", "a"},
           {"stage", "song", "--nothing"},
           {"stage", "song", "-x"},
           {"stage", "song", "--anchor"},
           {"stage", "song", "--anchor", "--json"},
           {"stage", "song", "--anchor="},
           {"stage", "song", "--anchor", "-18.5x"},
           {"stage", "song", "--anchor", "-18,5"},
           {"stage", "song", "--anchor", "nan"},
           {"stage", "song", "--anchor", "-inf"},
           {"stage", "song", "--anchor", " -12"},
           {"stage", "song", "--anchor", "3"},
           {"stage", "song", "--anchor", "-12", "--anchor", "-13"},
           {"stage", "song", "--strength", "101"},
           {"stage", "song", "--threads", "1.5"},
           {"stage", "song", "--threads", "0"},
           {"stage", "song", "--json=yes"},
           {"stage", "song", "--role", "kick.wav"},
           {"stage", "song", "--role", "kick.wav="},
           {"stage", "song", "--range", "kick.wav=3..-3"},
           {"stage", "song", "--range", "kick.wav=-3"},
           {"stage", "song", "--range", "kick.wav=-3..x"},
           {"stage", "song", "--group", "choir=a"},
           {"stage", "song", "--group", "choir=a,,b"},
           {"stage", "song", "--order", "low,mid,high"},
           {"stage", "song", "--order", "low,mid,high,high"},
           {"stage", "song", "--bits", "20"},
           {"stage", "song", "--role", "a=kick", "--role", "a=snare"},
           {"check", "a.wav"},
           {"render", "song", "--plan", "p"},
           {"completion", "fish"},
           {"measure", "a.wav", "--k", "13"},
       }) {
    EXPECT_FALSE(refusal(words).empty()) << testing::PrintToString(words);
  }
}

TEST(Arguments, AskForHelpAnywhere) {
  EXPECT_EQ(parse({"--help"})->wish, Wish::help);
  EXPECT_EQ(parse({"stage", "-h"})->wish, Wish::help);
  EXPECT_EQ(parse({"stage", "song", "--help", "--nonsense"})->wish, Wish::help);
  EXPECT_EQ(parse({"measure", "--version"})->wish, Wish::version);
}

TEST(OptionTable, HasNoNameTwice) {
  for (const Command& command : commands()) {
    std::set<std::string_view> names;
    std::set<char> letters;
    for (const auto options : {std::span<const Option>(command.options), common_options()}) {
      for (const Option& option : options) {
        EXPECT_TRUE(names.insert(option.name).second) << command.name << " --" << option.name;
        if (option.letter) {
          EXPECT_TRUE(letters.insert(option.letter).second) << command.name << " -" << option.letter;
        }
      }
    }
  }
}

TEST(OptionTable, HasFallbacksOfTheirOwnKind) {
  for (const Command& command : commands()) {
    for (const Option& option : command.options) {
      EXPECT_TRUE(option.sentence.ends_with('.')) << option.name;
      EXPECT_EQ(option.kind == Kind::flag, option.value.empty()) << option.name;
      if (!option.fallback.empty()) {
        EXPECT_TRUE(check_value(option, option.fallback)) << option.name;
      }
    }
  }
}

}  // namespace
}  // namespace gainstage::cli
