// SPDX-License-Identifier: MIT
#include "base/nearest_word.h"

#include <gtest/gtest.h>

#include <array>

namespace gainstage {
namespace {

const std::array<std::string, 3> known{"spotify", "spotify-loud", "cd"};

TEST(NearestWord, FindsTheFewestEdits) { EXPECT_EQ(nearest_word("spotfy", known), "spotify"); }
TEST(NearestWord, TakesSwappedLettersForOneSlip) { EXPECT_EQ(nearest_word("psotify", known), "spotify"); }
TEST(NearestWord, CountsASwapOnce) {
  EXPECT_EQ(nearest_word("sptoi", std::array<std::string, 1>{"spoti"}), "spoti");
}
TEST(NearestWord, FindsNothingFarAway) { EXPECT_EQ(nearest_word("netflix", known), std::nullopt); }
TEST(NearestWord, DoesNotGuessFromOneLetter) { EXPECT_EQ(nearest_word("x", known), std::nullopt); }
TEST(NearestWord, DoesNotGuessFromHalfTheLetters) {
  EXPECT_EQ(nearest_word("cots", std::array<std::string, 1>{"cats"}), "cats");
  EXPECT_EQ(nearest_word("dogs", std::array<std::string, 1>{"cats"}), std::nullopt);
  EXPECT_EQ(nearest_word("bits", std::array<std::string, 1>{"cats"}), std::nullopt);
}
TEST(NearestWord, FindsNothingAmongNone) {
  EXPECT_EQ(nearest_word("cd", {}), std::nullopt);
  EXPECT_EQ(nearest_word("", known), std::nullopt);
}

}  // namespace
}  // namespace gainstage
