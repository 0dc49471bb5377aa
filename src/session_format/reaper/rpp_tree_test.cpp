// SPDX-License-Identifier: MIT
#include "session_format/reaper/rpp_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "session_format/reaper/rpp_text.h"

namespace gainstage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> words_of(std::string_view line) {
  const auto tree = RppTree::read(line);
  const RppWords words = tree->words(0);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < words.count; ++i) texts.emplace_back(words[i].text);
  return texts;
}

std::string sentence_of(std::string_view bytes) {
  const auto tree = RppTree::read(bytes);
  return tree ? "" : tree.error().sentence;
}

TEST(RppTree, TakesQuotesAsRealProjectsHaveThem) {
  EXPECT_THAT(words_of("NAME \"|Beep Boop\""), ElementsAre("NAME", "|Beep Boop"));
  EXPECT_THAT(words_of("NAME '\"hey'"), ElementsAre("NAME", "\"hey"));
  EXPECT_THAT(words_of("NAME hey\""), ElementsAre("NAME", "hey\""));
  EXPECT_THAT(words_of("NAME `a \"b\" 'c'`"), ElementsAre("NAME", "a \"b\" 'c'"));
  EXPECT_THAT(words_of("NAME \"\""), ElementsAre("NAME", ""));
  EXPECT_THAT(words_of("NAME \"cut short"), ElementsAre("NAME", "cut short"));
  EXPECT_THAT(words_of("AUXRECV 4 0 -1:U ''"), ElementsAre("AUXRECV", "4", "0", "-1:U", ""));
}

TEST(RppTree, TakesABracketForABlockOnlyAtTheStartOfALine) {
  const auto tree = RppTree::read("<A\n NAME <\n NAME >\n NAME <>\n>\n");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->size(), 5u);
  EXPECT_EQ(tree->end(0), 4u);
}

TEST(RppTree, StepsOverABlockToTheLineAfterIt) {
  const auto tree = RppTree::read("<A\r\n  <B 1\n    C\r\n  >\n\n  D\n>");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->name(tree->first(0)), "B");
  EXPECT_EQ(tree->name(tree->next(tree->first(0))), "D");
  EXPECT_EQ(tree->next(tree->next(tree->first(0))), tree->end(0));
}

TEST(RppTree, KnowsWhereEveryWordStands) {
  const std::string bytes = "\xEF\xBB\xBF<T\r\n\tVOLPAN 0.5  \"-1\" x\t\r\n>\r\n";
  const auto tree = RppTree::read(bytes);
  ASSERT_TRUE(tree);
  const RppWords words = tree->words(1);
  ASSERT_EQ(words.count, 4u);
  EXPECT_EQ(bytes.substr(words[1].begin, words[1].size), "0.5");
  EXPECT_EQ(bytes.substr(words[2].begin, words[2].size), "\"-1\"");
  EXPECT_EQ(bytes.substr(words[3].begin, words[3].size), "x");
  EXPECT_EQ(tree->number(1), 2u);
}

TEST(RppTree, SaysWhatIsBrokenAndWhere) {
  EXPECT_THAT(sentence_of("<A\n<B\n>\n"), HasSubstr("<A of line 1 is never closed"));
  EXPECT_THAT(sentence_of("<A\n>\n>\n"), HasSubstr("Line 3 closes a block, but none is open"));
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "<A\n";
  EXPECT_THAT(sentence_of(deep), HasSubstr("Line 101 opens a block within 100 others"));
  EXPECT_THAT(sentence_of(std::string(40'000'000, '\n') + "<A"), HasSubstr("line 40000001 is never closed"));
}

TEST(RppText, WritesNumbersAsReaperDoes) {
  EXPECT_EQ(rpp_number(1.0), "1");
  EXPECT_EQ(rpp_number(0.99881123782091), "0.99881123782091");
  EXPECT_EQ(rpp_number(-0.5), "-0.5");
  EXPECT_EQ(rpp_number(-0.0), "0");
  EXPECT_EQ(rpp_number(1.0 / 3.0), "0.33333333333333");
  EXPECT_EQ(rpp_number(1e-7), "0.0000001");
  EXPECT_EQ(rpp_number(1200.0), "1200");
}

TEST(RppText, ReadsWholeFiniteNumbersOnly) {
  EXPECT_EQ(parse_rpp_number("-1.5"), -1.5);
  EXPECT_EQ(parse_rpp_number("+2"), 2.0);
  for (const char* word : {"", "nan", "inf", "-inf", "1e999", "1,5", "1.5x", "-1:U", " 1"}) {
    EXPECT_FALSE(parse_rpp_number(word)) << word;
  }
}

TEST(RppText, QuotesWhatWouldNotBeOneWord) {
  EXPECT_EQ(rpp_string("Kick"), "Kick");
  EXPECT_EQ(rpp_string("Lead Vox"), "\"Lead Vox\"");
  EXPECT_EQ(rpp_string(""), "\"\"");
  EXPECT_EQ(rpp_string("7\" tom"), "'7\" tom'");
  EXPECT_EQ(rpp_string("\"a' b"), "`\"a' b`");
  EXPECT_EQ(rpp_string("\"a' `b"), "`\"a' 'b`");
  EXPECT_EQ(rpp_string("a\nb"), "\"a b\"");
}

}  // namespace
}  // namespace gainstage
