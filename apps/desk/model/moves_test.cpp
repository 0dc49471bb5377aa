// SPDX-License-Identifier: MIT
#include "moves.h"

#include <cmath>
#include <limits>

#include "test_desk.h"

namespace gainstage::desk {
namespace {

constexpr double down = -std::numeric_limits<double>::infinity();

class Moves : public testing::Test {
 protected:
  Result<Moved> tried(const Json& message) const {
    return moved(message["do"], Message(message), values,
                 {table, has_plan ? &plan : nullptr, built_in_targets()});
  }
  /// Carries it out.
  void make(const Json& message) {
    auto done = tried(message);
    ASSERT_TRUE(done) << message.dump() << ": " << done.error().sentence;
    values = done->values;
  }
  StripValues& strip(const std::string& id) { return values.strips[*table.find(id)]; }

  StageTable table = daw_stages(test::small_flow(), {});
  PlacedPlan plan = test::plan_of(table);
  bool has_plan = true;
  DeskValues values = initial_values(table, "spotify");
};

TEST_F(Moves, RefuseWhatIsWrongWithASentence) {
  const char* const wrong[] = {
      R"({"do":"gain"})",
      R"({"do":"gain","strip":"s0"})",
      R"({"do":"gain","strip":"s0","stage":"fader"})",
      R"({"do":"gain","strip":"s99","stage":"fader","db":0})",
      R"({"do":"gain","strip":0,"stage":"fader","db":0})",
      R"({"do":"gain","strip":["s0"],"stage":"fader","db":0})",
      R"({"do":"gain","strip":"s0","stage":"pan","db":0})",
      R"({"do":"gain","strip":"s0","stage":"fader","db":"0"})",
      R"({"do":"gain","strip":"s0","stage":"fader","db":7})",
      R"({"do":"gain","strip":"s0","stage":"fader","db":1e300})",
      R"({"do":"gain","strip":"s0","stage":"fader","db":-1e9})",
      R"({"do":"gain","strip":"s0","stage":"fader","db":0,"gesture":"a"})",
      R"({"do":"gain","strip":"v0","stage":"trim","db":0})",
      R"({"do":"reset","stage":"fader"})",
      R"({"do":"reset","strip":"v0","stage":"trim"})",
      R"({"do":"role","strip":"s0"})",
      R"({"do":"role","strip":"s0","role":"theremin player"})",
      R"({"do":"role","strip":"s3","role":"drums"})",
      R"({"do":"lock","strip":"s0"})",
      R"({"do":"lock","strip":"s0","on":1})",
      R"({"do":"focus"})",
      R"({"do":"focus","strip":"s5"})",
      R"({"do":"range","strip":"s0","low_db":-3})",
      R"({"do":"range","strip":"s0","low_db":-3,"high_db":null})",
      R"({"do":"range","strip":"s0","low_db":3,"high_db":-3})",
      R"({"do":"range","strip":"s0","low_db":-1000,"high_db":0})",
      R"({"do":"group","strip":"s0"})",
      R"({"do":"group","strip":"s0","group":""})",
      R"({"do":"group","strip":"s0","group":"a\u0007b"})",
      R"({"do":"group","strip":"s3","group":"band"})",
      R"({"do":"target"})",
      R"({"do":"target","target":"sputify"})",
      R"({"do":"target","target":7})",
      R"({"do":"target","integrated_lufs":-14})",
      R"({"do":"target","integrated_lufs":3,"ceiling_dbtp":-1})",
      R"({"do":"target","integrated_lufs":-14,"ceiling_dbtp":1})",
      R"({"do":"strength"})",
      R"({"do":"strength","percent":101})",
      R"({"do":"strength","percent":-0.5})",
      R"({"do":"step"})",
      R"({"do":"step","step":"louder"})",
      R"({"do":"step","step":"high"})",
      R"({"do":"step","step":"low","respect":"nobody"})",
      R"({"do":"step","step":3})",
  };
  for (const char* const text : wrong) {
    const auto done = tried(Json::parse(text));
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, ErrorCode::usage) << text;
    EXPECT_GT(done.error().sentence.size(), 15U) << text;
  }
  const std::string longest(201, 'x');
  EXPECT_FALSE(tried({{"do", "group"}, {"strip", "s0"}, {"group", longest}}));
}

TEST_F(Moves, NameWhatTheyDid) {
  const auto done = tried({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", -3}, {"gesture", 12}});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->name, "Fader of Kick");
  EXPECT_EQ(done->gesture, 12.0);
}

TEST_F(Moves, PutAStageWhereTheHandPutsIt) {
  make({{"do", "gain"}, {"strip", "s2"}, {"stage", "fader"}, {"db", -3.25}});
  EXPECT_EQ(strip("s2").at, (Position{0.0, -3.25}));
  EXPECT_TRUE(strip("s2").is_by_hand);
  make({{"do", "gain"}, {"strip", "s2"}, {"stage", "fader"}, {"db", nullptr}});
  EXPECT_EQ(strip("s2").at.fader_db, down);
}

TEST_F(Moves, KnowAFaderThatIsBackWhereItBelongs) {
  make({{"do", "gain"}, {"strip", "s2"}, {"stage", "fader"}, {"db", -3.25}});
  make({{"do", "gain"}, {"strip", "s2"}, {"stage", "fader"}, {"db", 0}});
  EXPECT_FALSE(strip("s2").is_by_hand);
  EXPECT_EQ(values, initial_values(table, "spotify"));
}

/// The small desk with the kick's fader down in the session.
class MovesOfWhatIsDown : public Moves {
 protected:
  MovesOfWhatIsDown() {
    Session session = test::small_flow();
    session.flow->strips[0].fader.ratio = 0.0;
    table = daw_stages(session, {});
    values = initial_values(table, "spotify");
  }
  /// The command at both ends of a way up and down again.
  void raise(const Json& db) { make({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", db}}); }
};

TEST_F(MovesOfWhatIsDown, TakeItUpAndDownAgain) {
  EXPECT_EQ(strip("s0").at.fader_db, down);
  raise(-3.0);
  EXPECT_EQ(strip("s0").at.fader_db, -3.0);
  EXPECT_TRUE(strip("s0").is_raised);
  EXPECT_EQ(moved_db(table.strips[0], strip("s0").at), -3.0);
  raise(nullptr);
  EXPECT_EQ(values, initial_values(table, "spotify")) << "nothing is left of it";
  raise(-3.0);
  make({{"do", "reset"}, {"strip", "s0"}, {"stage", "fader"}});
  EXPECT_EQ(values, initial_values(table, "spotify"));
  raise(-3.0);
  make({{"do", "reset"}});
  EXPECT_EQ(values, initial_values(table, "spotify"));
}

TEST_F(MovesOfWhatIsDown, EndAtTheTopOfTheFader) {
  EXPECT_FALSE(tried({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", 6.1}}));
  raise(6.0);
}

TEST_F(MovesOfWhatIsDown, StrengthFadesItInToThePlan) {
  plan.raised[0].fader_db = -4.0;
  double before = down;
  for (const double percent : {0.0, 1.0, 50.0, 99.0, 100.0}) {
    make({{"do", "strength"}, {"percent", percent}});
    const double now = strip("s0").at.fader_db;
    EXPECT_EQ(now, percent == 0.0 ? down : -4.0 + to_db(percent / 100.0).value);
    EXPECT_GE(now, before);
    before = now;
  }
}

TEST_F(MovesOfWhatIsDown, HoldItWhereTheHandPutIt) {
  plan.before_raise[0].fader_db = down;
  plan.raised[0].fader_db = down;
  for (const char* const respect : {"lock", "evidence"}) {
    values = initial_values(table, "spotify");
    raise(-8.0);
    make({{"do", "step"}, {"step", "mid"}, {"respect", respect}});
    ASSERT_TRUE(strip("s0").held) << respect;
    EXPECT_EQ(strip("s0").held->how, Held::How::pin) << "against silence nothing is evidence";
    EXPECT_EQ(strip("s0").held->db, -8.0);
    EXPECT_EQ(strip("s0").at.fader_db, -8.0);
  }
  make({{"do", "reset"}});
  make({{"do", "lock"}, {"strip", "s0"}, {"on", true}});
  EXPECT_EQ(strip("s0").held->db, down) << "locked it stays down";
}

TEST_F(Moves, LeaveAStageThatCantBeWritten) {
  Session session = test::small_flow();
  session.flow->strips[0].fader.writable.reset();
  table = daw_stages(session, {});
  EXPECT_FALSE(tried({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", -30}}));
}

TEST_F(Moves, ResetOneStageAStripOrAll) {
  make({{"do", "strength"}, {"percent", 100}});
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "trim"}, {"db", 9}});
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", -9}});
  make({{"do", "reset"}, {"strip", "s0"}, {"stage", "trim"}});
  EXPECT_EQ(strip("s0").at, (Position{0.0, -9.0}));
  make({{"do", "reset"}, {"strip", "s0"}});
  EXPECT_EQ(strip("s0").at, own_position(table.strips[0]));
  make({{"do", "reset"}});
  for (std::size_t i = 0; i < table.strips.size(); ++i)
    EXPECT_EQ(values.strips[i].at, own_position(table.strips[i])) << i;
}

// Law: at 0 the session, at 100 the plan, both to the last bit; in between every stage in its part of the dB.
TEST_F(Moves, StrengthLeadsFromTheSessionToThePlan) {
  for (const double percent : {0.0, 12.5, 50.0, 99.0, 100.0}) {
    make({{"do", "strength"}, {"percent", percent}});
    for (std::size_t i = 0; i < table.strips.size(); ++i) {
      const Position own = own_position(table.strips[i]);
      for (const Stage stage : {Stage::trim, Stage::fader}) {
        const double planned = plan.raised[i].of(stage);
        const double at = values.strips[i].at.of(stage);
        EXPECT_TRUE(percent > 0.0 || at == own.of(stage));
        EXPECT_TRUE(percent < 100.0 || at == planned);
        EXPECT_NEAR(at - own.of(stage), (planned - own.of(stage)) * percent / 100.0, 1e-12);
      }
    }
  }
}

TEST_F(Moves, StrengthDoesNotHangOnTheWayThere) {
  make({{"do", "strength"}, {"percent", 37}});
  const DeskValues at_once = values;
  for (int percent = 1; percent <= 100; ++percent) make({{"do", "strength"}, {"percent", percent}});
  make({{"do", "strength"}, {"percent", 37}});
  EXPECT_EQ(values, at_once);
}

TEST_F(Moves, StrengthLeavesLockedStrips) {
  make({{"do", "gain"}, {"strip", "s1"}, {"stage", "fader"}, {"db", -12}});
  make({{"do", "lock"}, {"strip", "s1"}, {"on", true}});
  make({{"do", "strength"}, {"percent", 100}});
  EXPECT_EQ(strip("s1").at, (Position{0.0, -12.0}));
  EXPECT_EQ(strip("s2").at, plan.raised[2]);
}

TEST_F(Moves, StrengthAndStepsWantAPlan) {
  has_plan = false;
  EXPECT_FALSE(tried({{"do", "strength"}, {"percent", 50}}));
  EXPECT_FALSE(tried({{"do", "step"}, {"step", "low"}}));
  EXPECT_TRUE(tried({{"do", "strength"}, {"percent", 0}}));
}

TEST_F(Moves, TheWalkStandsBeforeTheRaiseAndLetsStepsIn) {
  make({{"do", "step"}, {"step", "low"}});
  EXPECT_EQ(strip("s0").at, plan.before_raise[0]);
  const std::vector<bool> at_low = entered(table, &plan, values.common);
  EXPECT_TRUE(at_low[0]);
  EXPECT_FALSE(at_low[1]);
  EXPECT_TRUE(at_low[3]) << "a bus is no step's";
  make({{"do", "step"}, {"step", "raise"}});
  EXPECT_EQ(strip("s1").at, plan.raised[1]);
  EXPECT_EQ(values.common.strength_percent, 100.0);
  make({{"do", "step"}, {"step", nullptr}});
  EXPECT_EQ(strip("s1").at, plan.raised[1]);
  make({{"do", "step"}, {"step", "down"}});
  const std::vector<bool> at_down = entered(table, &plan, values.common);
  EXPECT_FALSE(at_down[0] || at_down[1] || at_down[2] || at_down[4]);
}

TEST_F(Moves, LaterStepsHoldWhatWasChanged) {
  make({{"do", "step"}, {"step", "low"}});
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", -20}});
  EXPECT_FALSE(strip("s0").held);
  make({{"do", "step"}, {"step", "mid"}, {"respect", "lock"}});
  ASSERT_TRUE(strip("s0").held);
  EXPECT_EQ(strip("s0").held->how, Held::How::pin);
  EXPECT_EQ(strip("s0").held->place, (Position{plan.before_raise[0].trim_db, -20.0}));
  EXPECT_EQ(strip("s0").at.fader_db, -20.0);
  EXPECT_FALSE(strip("s1").held);
}

TEST_F(Moves, APinIsWhereTheBuildHasItWhateverTheRaise) {
  make({{"do", "strength"}, {"percent", 100}});
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", plan.raised[0].fader_db - 2.0}});
  make({{"do", "lock"}, {"strip", "s1"}, {"on", true}});
  ASSERT_TRUE(strip("s0").held);
  EXPECT_NEAR(strip("s0").held->place.fader_db, plan.before_raise[0].fader_db - 2.0, 1e-12);
  EXPECT_EQ(strip("s1").held->how, Held::How::lock);
  EXPECT_EQ(strip("s1").held->place, plan.raised[1]);
}

TEST_F(Moves, WhatIsTakenDownStaysDown) {
  make({{"do", "strength"}, {"percent", 100}});
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", nullptr}});
  make({{"do", "step"}, {"step", "mid"}, {"respect", "evidence"}});
  ASSERT_TRUE(strip("s0").held);
  EXPECT_EQ(strip("s0").held->how, Held::How::lock);
  EXPECT_EQ(strip("s0").at.fader_db, down);
}

TEST_F(Moves, LaterStepsTakeWhatWasChangedForEvidence) {
  make({{"do", "step"}, {"step", "low"}});
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "fader"}, {"db", plan.before_raise[0].fader_db + 4.0}});
  make({{"do", "step"}, {"step", "mid"}, {"respect", "evidence"}});
  ASSERT_TRUE(strip("s0").held);
  EXPECT_EQ(strip("s0").held->how, Held::How::evidence);
  EXPECT_NEAR(strip("s0").held->db, 4.0, 1e-9);
  // Asked again it is not taken twice.
  make({{"do", "lock"}, {"strip", "s1"}, {"on", true}});
  EXPECT_NEAR(strip("s0").held->db, 4.0, 1e-9);
}

TEST_F(Moves, AGroupIsHeldWhole) {
  make({{"do", "group"}, {"strip", "s0"}, {"group", "drums"}});
  make({{"do", "group"}, {"strip", "s1"}, {"group", "drums"}});
  make({{"do", "lock"}, {"strip", "s0"}, {"on", true}});
  ASSERT_TRUE(strip("s1").held);
  EXPECT_EQ(strip("s1").held->how, Held::How::lock);
  make({{"do", "lock"}, {"strip", "s0"}, {"on", false}});
  EXPECT_FALSE(strip("s1").held);
}

TEST_F(Moves, AGroupsRangesLeaveOneGain) {
  make({{"do", "group"}, {"strip", "s0"}, {"group", "drums"}});
  make({{"do", "group"}, {"strip", "s1"}, {"group", "drums"}});
  make({{"do", "range"}, {"strip", "s0"}, {"low_db", -3}, {"high_db", 0}});
  EXPECT_FALSE(tried({{"do", "range"}, {"strip", "s1"}, {"low_db", 2}, {"high_db", 6}}));
  make({{"do", "range"}, {"strip", "s0"}, {"low_db", nullptr}, {"high_db", nullptr}});
  EXPECT_FALSE(strip("s0").range);
}

TEST_F(Moves, SayTargetsByIdOrNumbers) {
  make({{"id", 17}, {"do", "target"}, {"integrated_lufs", -16.5}, {"ceiling_dbtp", -1.5}});
  EXPECT_EQ(values.common.target, (ChosenTarget{"", -16.5, -1.5}));
  make({{"do", "target"}, {"target", "spotify"}});
  EXPECT_EQ(values.common.target.id, "spotify");
}

TEST_F(Moves, ClipsStandInForATrim) {
  Session session = test::small_flow();
  Strip& kick = session.flow->strips[0];
  kick.trim.writable.reset();
  kick.clips.resize(2);
  for (Clip& clip : kick.clips) clip.gain.writable = GainControl::Range{4.0};
  kick.clips[1].gain.ratio = 2.0;
  table = daw_stages(session, {});
  values = initial_values(table, "spotify");
  ASSERT_TRUE(table.strips[0].trim);
  EXPECT_NEAR(table.strips[0].trim->greatest_db, 6.02, 0.001);
  make({{"do", "gain"}, {"strip", "s0"}, {"stage", "trim"}, {"db", 2.5}});
  const std::vector<StageChange> changes = changes_at(table, values);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[1].stage.kind, StageKind::clip);
  EXPECT_DOUBLE_EQ(changes[1].gain.value, 2.5);
}

}  // namespace
}  // namespace gainstage::desk
