// SPDX-License-Identifier: MIT
#include "session/insert_kinds.h"

#include <gtest/gtest.h>

namespace gainstage {
namespace {

TEST(InsertKind, KnowsLinearOnesByTheirNames) {
  for (const char* name :
       {"ACE EQ", "ReaEQ", "x42-eq - Parametric Equalizer", "Simple Gain", "Stereo Delay", "Calf Reverb",
        "ReaDelay", "Utility", "K20/RMS Meter", "High-Pass Filter", "Dragonfly Hall Reverb"}) {
    EXPECT_EQ(insert_kind(name, ""), Insert::Kind::linear) << name;
  }
}

TEST(InsertKind, KnowsThoseThatLevelMattersTo) {
  for (const char* name :
       {"ACE Compressor", "ReaComp", "FabFilter Pro-L 2 Limiter", "De-Esser", "TDR Nova Dynamic EQ",
        "Tape Delay", "Saturator", "Guitar Amp", "Noise Gate", "LA-2A", "Console Channel Strip"}) {
    EXPECT_EQ(insert_kind(name, ""), Insert::Kind::non_linear) << name;
  }
}

TEST(InsertKind, DoesNotGuess) {
  for (const char* name : {"Kontakt", "Ozymandias", "", "Vocal magic"}) {
    EXPECT_EQ(insert_kind(name, ""), Insert::Kind::unknown) << name;
  }
}

TEST(InsertKind, LooksIntoTheEndOfTheIdentifierAtLast) {
  EXPECT_EQ(insert_kind("Number one", "lv2:http://example.org/limiters/eq"), Insert::Kind::linear);
}

TEST(InsertKind, OfAStripCountsOnlyWhatRuns) {
  Strip strip;
  strip.inserts = {{.name = "Comp", .is_enabled = false, .kind = Insert::Kind::non_linear},
                   {.name = "EQ", .kind = Insert::Kind::linear}};
  EXPECT_FALSE(has_non_linear_insert(strip, false));
  EXPECT_TRUE(has_insert(strip, false));
  strip.inserts[0].is_enabled = true;
  EXPECT_TRUE(has_non_linear_insert(strip, false));
  EXPECT_FALSE(has_non_linear_insert(strip, true));
}

}  // namespace
}  // namespace gainstage
