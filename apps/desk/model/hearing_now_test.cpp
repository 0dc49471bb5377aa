// SPDX-License-Identifier: MIT
#include "hearing_now.h"

#include <functional>

#include "session/flow_check.h"
#include "test_desk.h"

namespace gainstage::desk {
namespace {

struct SmallDesk {
  Session session = test::small_flow();
  StageTable table = daw_stages(session, {});
  DeskValues values = initial_values(table, "spotify");
  Listening listening;
  SignalFlow bare = without_clips(*session.flow);
  std::vector<bool> all_in = std::vector<bool>(table.strips.size(), true);

  SmallDesk() {
    listening.is_muted.resize(table.strips.size());
    listening.is_soloed.resize(table.strips.size());
  }
  LiveSettings live() const {
    return live_settings(table, bare, ratios_of(table, bare, values),
                         ratios_of(table, bare, initial_values(table, {})), listening, all_in);
  }
};

bool leads(const SignalFlow& flow, std::size_t from, std::size_t to) {
  if (from == to) return true;
  const auto next = fed_by(flow, from);
  return std::ranges::any_of(next, [&](std::size_t strip) { return leads(flow, strip, to); });
}

// Law: with any set of solos a strip is heard exactly when it feeds a soloed one, is fed by one, or is the
// master.
TEST(Hearing, SoloIsInPlaceForEverySet) {
  SmallDesk desk;
  const SignalFlow& flow = *desk.session.flow;
  for (unsigned set = 1; set < 64; ++set) {
    for (std::size_t s = 0; s < 6; ++s) desk.listening.is_soloed[s] = (set >> s & 1U) != 0;
    const std::vector<bool> is_heard = audible_now(desk.table, desk.bare, desk.listening, desk.all_in);
    for (std::size_t s = 0; s < 6; ++s) {
      bool wanted = s == flow.master;
      for (std::size_t soloed = 0; soloed < 6; ++soloed) {
        if (desk.listening.is_soloed[soloed])
          wanted = wanted || leads(flow, s, soloed) || leads(flow, soloed, s);
      }
      EXPECT_EQ(is_heard[s], wanted) << "set " << set << ", strip " << s;
    }
  }
}

TEST(Hearing, ASoloedVcaIsThatOfItsMembers) {
  SmallDesk desk;
  desk.listening.is_soloed[6] = true;
  const std::vector<bool> is_heard = audible_now(desk.table, desk.bare, desk.listening, desk.all_in);
  EXPECT_EQ(is_heard, (std::vector<bool>{false, false, true, false, true, true}));
}

TEST(Hearing, AMutedVcaMutesItsMembers) {
  SmallDesk desk;
  desk.listening.is_muted[6] = true;
  const LiveSettings live = desk.live();
  EXPECT_EQ(live.strips[2].fader, 0.0);
  EXPECT_EQ(live.strips[4].fader, 0.0);
  EXPECT_EQ(live.strips[0].fader, 1.0);
}

TEST(Hearing, VcasAreInTheFadersOfTheirMembers) {
  SmallDesk desk;
  desk.values.strips[6].at.fader_db = -6.0;
  desk.values.strips[2].at.fader_db = 3.0;
  const LiveSettings live = desk.live();
  EXPECT_DOUBLE_EQ(live.strips[2].fader, to_ratio(Db{3.0}) * to_ratio(Db{-6.0}));
  EXPECT_DOUBLE_EQ(live.strips[4].fader, to_ratio(Db{-6.0}));
  EXPECT_EQ(live.strips[0].fader, 1.0);
}

TEST(Hearing, RatiosAreOnTheSessionsOwn) {
  SmallDesk desk;
  EXPECT_EQ(desk.live().strips[0], (LiveSettings::Strip{1.0, 1.0}));
  desk.values.strips[0].at.fader_db = 0.0;  // The session has it at half.
  EXPECT_NEAR(desk.live().strips[0].fader, 2.0, 1e-12);
  desk.values.strips[0].at.trim_db = -6.0;
  EXPECT_DOUBLE_EQ(desk.live().strips[0].trim, to_ratio(Db{-6.0}));
}

TEST(Hearing, WhatHasNotEnteredIsSilent) {
  SmallDesk desk;
  desk.all_in[1] = false;
  const LiveSettings live = desk.live();
  EXPECT_EQ(live.strips[1].fader, 0.0);
  EXPECT_EQ(live.strips[1].trim, 1.0);
}

TEST(Hearing, SilenceLiesBeforeSendsThatLeaveBeforeTheFader) {
  SmallDesk desk;
  desk.session.flow->strips[0].sends.push_back({.name = "verb", .to = 3, .tap = Send::Tap::before_fader});
  desk.bare = without_clips(*desk.session.flow);
  desk.listening.is_muted[0] = true;
  EXPECT_EQ(desk.live().strips[0].trim, 0.0);
}

TEST(Hearing, BeforeIsTheSessionsOwn) {
  SmallDesk desk;
  desk.values.strips[2].at.fader_db = -20.0;
  desk.all_in[1] = false;
  desk.listening.compare.is_on = true;
  desk.listening.compare.hears_before = true;
  desk.listening.compare.before_db = -2.0;
  const LiveSettings live = desk.live();
  for (const LiveSettings::Strip& strip : live.strips) EXPECT_EQ(strip, (LiveSettings::Strip{1.0, 1.0}));
  EXPECT_DOUBLE_EQ(live.monitor, to_ratio(Db{-2.0}));
}

TEST(Hearing, DimIsBehindEverything) {
  SmallDesk desk;
  desk.listening.is_dim = desk.listening.is_mono = true;
  const LiveSettings live = desk.live();
  EXPECT_DOUBLE_EQ(live.monitor, to_ratio(Db{dim_db}));
  EXPECT_TRUE(live.is_mono);
}

class ListeningCommands : public testing::Test {
 protected:
  Result<Listening> tried(const Json& message, bool coin = false) {
    return listened(message["do"], Message(message), desk.listening, desk.table, coin);
  }
  void make(const Json& message, bool coin = false) {
    auto done = tried(message, coin);
    ASSERT_TRUE(done) << message.dump() << ": " << done.error().sentence;
    desk.listening = *done;
  }
  SmallDesk desk;
};

TEST_F(ListeningCommands, RefuseWhatIsWrong) {
  const char* const wrong[] = {
      R"({"do":"mute","strip":"s0"})",
      R"({"do":"mute","on":true})",
      R"({"do":"mute","strip":"s0","on":"yes"})",
      R"({"do":"solo","strip":"s7","on":true})",
      R"({"do":"solo","strip":"s0","on":true,"only":3})",
      R"({"do":"dim"})",
      R"({"do":"mono","on":null})",
      R"({"do":"tap"})",
      R"({"do":"tap","strip":"s0"})",
      R"({"do":"tap","strip":"s0","tap":"insert_out"})",
      R"({"do":"tap","strip":"v0","tap":"clip"})",
      R"({"do":"compare","on":1})",
      R"({"do":"compare","on":true,"hears":"both"})",
      R"({"do":"compare","on":true,"hears":"x"})",
      R"({"do":"compare","on":true,"blind":true,"hears":"before"})",
      R"({"do":"compare","on":false,"blind":true})",
      R"({"do":"compare","on":true,"blind":"very"})",
  };
  for (const char* const text : wrong) {
    const auto done = tried(Json::parse(text));
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, ErrorCode::usage) << text;
  }
}

TEST_F(ListeningCommands, OnlyEndsOtherSolos) {
  make({{"do", "solo"}, {"strip", "s0"}, {"on", true}});
  make({{"do", "solo"}, {"strip", "s1"}, {"on", true}});
  EXPECT_TRUE(desk.listening.is_soloed[0]);
  make({{"do", "solo"}, {"strip", "s2"}, {"on", true}, {"only", true}});
  EXPECT_FALSE(desk.listening.is_soloed[0] || desk.listening.is_soloed[1]);
  EXPECT_TRUE(desk.listening.is_soloed[2]);
}

TEST_F(ListeningCommands, TapListensAtAStripUntilNull) {
  make({{"do", "tap"}, {"strip", "s3"}, {"tap", "insert_in"}});
  EXPECT_EQ(desk.live().listen_strip, 3U);
  EXPECT_EQ(desk.live().listen_tap, LiveTap::insert_in);
  make({{"do", "tap"}, {"strip", nullptr}});
  EXPECT_FALSE(desk.live().listen_strip);
}

TEST_F(ListeningCommands, ABlindComparisonHidesWhatIsHeardUntilItIsRevealed) {
  for (const bool coin : {false, true}) {
    desk.listening.compare = {};
    make({{"do", "compare"}, {"on", true}, {"blind", true}}, coin);
    EXPECT_EQ(to_json(desk.listening.compare)["hears"], "x");
    EXPECT_EQ(desk.listening.compare.hears_before, coin);
    make({{"do", "compare"}, {"hears", "y"}}, !coin);
    EXPECT_EQ(to_json(desk.listening.compare)["hears"], "y");
    EXPECT_EQ(desk.listening.compare.hears_before, !coin);
    make({{"do", "compare"}, {"reveal", true}});
    EXPECT_EQ(to_json(desk.listening.compare)["hears"], coin ? "after" : "before");
    EXPECT_EQ(to_json(desk.listening.compare)["revealed"], true);
    make({{"do", "compare"}, {"on", false}});
    EXPECT_EQ(desk.listening.compare, Comparison{});
  }
}

TEST(Matching, TurnsTheLouderDown) {
  Comparison compare;
  match(compare, {-20.0}, {-14.0}, {-6.0}, {-1.0}, {-1.0});
  EXPECT_DOUBLE_EQ(compare.after_less_before_lu, 6.0);
  EXPECT_DOUBLE_EQ(compare.before_db, 0.0);
  EXPECT_DOUBLE_EQ(compare.after_db, -6.0);
}

TEST(Matching, KeepsBothUnderTheCeiling) {
  Comparison compare;
  match(compare, {-10.0}, {-14.0}, {3.0}, {2.0}, {-1.0});
  // The louder one peaks at -1 when it is matched, the other at 2: both come down by 3 dB more.
  EXPECT_DOUBLE_EQ(compare.before_db, -7.0);
  EXPECT_DOUBLE_EQ(compare.after_db, -3.0);
}

TEST(Matching, LeavesSilenceAlone) {
  Comparison compare;
  match(compare, Lufs{}, {-14.0}, silent_db, {-3.0}, {-1.0});
  EXPECT_EQ(compare.before_db, 0.0);
  EXPECT_EQ(compare.after_db, 0.0);
}

}  // namespace
}  // namespace gainstage::desk
