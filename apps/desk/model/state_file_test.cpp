// SPDX-License-Identifier: MIT
#include "state_file.h"

#include <limits>

#include "test_desk.h"

namespace gainstage::desk {
namespace {

const SessionMark mark{"ardour", "small.ardour", "0123456789abcdef"};

KeptState full_state(const StageTable& table) {
  KeptState state;
  state.values = initial_values(table, "spotify");
  History history;
  const auto change = [&](const std::string& name, auto set) {
    DeskValues next = state.values;
    set(next);
    history.done(name, state.values, next);
    state.values = next;
  };
  change("Fader of Kick", [](DeskValues& v) {
    v.strips[0].at.fader_db = -1.0 / 3.0;
    v.strips[0].is_by_hand = true;
  });
  change("Fader of Snare",
         [](DeskValues& v) { v.strips[1].at.fader_db = -std::numeric_limits<double>::infinity(); });
  change("Lock", [](DeskValues& v) {
    v.strips[2].is_locked = true, v.strips[2].held = Held{Held::How::lock, -0.1, -0.1};
  });
  change("Role", [](DeskValues& v) { v.strips[4].role = Role::acoustic_guitar; });
  change("Range", [](DeskValues& v) { v.strips[4].range.emplace(-3.5, 0.25); });
  change("Group", [](DeskValues& v) { v.strips[0].group = v.strips[1].group = "Schlagzeug \"ä\""; });
  change("Evidence", [](DeskValues& v) {
    v.strips[1].held = Held{Held::How::pin, 2.0, 1e-7, {-0.3, -std::numeric_limits<double>::infinity()}};
  });
  change("Focus", [](DeskValues& v) { v.common.focus = 2; });
  change("Target", [](DeskValues& v) { v.common.target = {"", -16.1, -1.5}; });
  change("Strength", [](DeskValues& v) { v.common.strength_percent = 100.0 / 3.0; });
  change("Step", [](DeskValues& v) { v.common.step = WalkStep::mid, v.common.respect = Respect::evidence; });
  history.undo(state.values);
  state.past = history.past();
  state.future = history.future();
  state.snapshots[1] = Snapshot{state.values, "12:01"};
  state.outputs = {"small-mix.wav"};
  return state;
}

void expect_same(const std::vector<History::Entry>& read, const std::vector<History::Entry>& written) {
  ASSERT_EQ(read.size(), written.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].name, written[i].name);
    EXPECT_EQ(read[i].change.common, written[i].change.common);
    ASSERT_EQ(read[i].change.strips.size(), written[i].change.strips.size());
    for (std::size_t s = 0; s < read[i].change.strips.size(); ++s) {
      EXPECT_EQ(read[i].change.strips[s].strip, written[i].change.strips[s].strip);
      EXPECT_EQ(read[i].change.strips[s].before, written[i].change.strips[s].before);
      EXPECT_EQ(read[i].change.strips[s].after, written[i].change.strips[s].after);
    }
  }
}

TEST(StateFile, GivesBackAllThatWasWritten) {
  const StageTable table = daw_stages(test::small_flow(), {});
  const KeptState state = full_state(table);
  const auto taken = state_of_text(state_text(state, table, mark), table, mark);
  ASSERT_TRUE(taken) << taken.error().sentence;
  EXPECT_TRUE(taken->notes.empty());
  EXPECT_EQ(taken->state.values, state.values);
  EXPECT_EQ(taken->state.snapshots, state.snapshots);
  EXPECT_EQ(taken->state.outputs, state.outputs);
  expect_same(taken->state.past, state.past);
  expect_same(taken->state.future, state.future);
}

TEST(StateFile, IsRefusedWhereverItIsCut) {
  const StageTable table = daw_stages(test::small_flow(), {});
  const std::string text = state_text(full_state(table), table, mark);
  for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
    const auto taken = state_of_text(text.substr(0, length), table, mark);
    ASSERT_FALSE(taken) << length;
    EXPECT_FALSE(taken.error().sentence.empty());
  }
}

TEST(StateFile, IsRefusedWhereItIsSomethingElse) {
  const StageTable table = daw_stages(test::small_flow(), {});
  const std::string text = state_text(full_state(table), table, mark);
  const char* const foreign[] = {"",         "null", "[]", "{}", "{\"schema\":\"gainstage.report/1\"}",
                                 "\xff\xfe", "0"};
  for (const char* const other : foreign) EXPECT_FALSE(state_of_text(other, table, mark)) << other;
  EXPECT_FALSE(state_of_text(text, table, {"ardour", "other.ardour", mark.fingerprint}));
  EXPECT_FALSE(state_of_text(text, table, {"reaper", "small.ardour", mark.fingerprint}));
}

TEST(StateFile, IsRefusedWithValuesOfNoDesk) {
  const StageTable table = daw_stages(test::small_flow(), {});
  const Json sound = Json::parse(state_text(full_state(table), table, mark));
  const std::pair<const char*, Json> wrong[] = {
      {"/values/strips/0/fader_db", 1e9},
      {"/values/strips/0/fader_db", "loud"},
      {"/values/strips/0/lock", 1},
      {"/values/strips/0/role", "wizard"},
      {"/values/strips/0/range", Json{3.0, -3.0}},
      {"/values/strips/0/range", Json{1.0}},
      {"/values/strips/0/held", 7},
      {"/values/strips/0/group", 7},
      {"/values/strips", Json::array()},
      {"/values/common/strength_percent", 101.0},
      {"/values/common/respect", "nobody"},
      {"/values/common/focus", 99},
      {"/values/common/focus", -1},
      {"/values/common/step", "louder"},
      {"/values/common/target", nullptr},
      {"/past/0/strips/0/strip", 99},
      {"/past/0/strips/0/before", nullptr},
      {"/past/0/name", 1},
      {"/past/0", nullptr},
      {"/past", 3},
      {"/snapshots/B/time", nullptr},
      {"/snapshots", 3},
      {"/outputs/0", "../x"},
      {"/outputs", "x"},
      {"/strips", nullptr},
      {"/strips/0/key", nullptr},
  };
  for (const auto& [path, value] : wrong) {
    Json json = sound;
    json[Json::json_pointer(path)] = value;
    EXPECT_FALSE(state_of_text(json.dump(), table, mark)) << path << " = " << value.dump();
  }
}

TEST(StateFile, KeepsWhatFitsOfASessionThatWasChanged) {
  const StageTable before = daw_stages(test::small_flow(), {});
  KeptState state = full_state(before);
  Session session = test::small_flow();
  session.flow->strips[1].id = "another";      // The snare is another track now.
  session.flow->strips[2].fader.ratio = 0.25;  // The voice's fader was moved in the DAW.
  const StageTable after = daw_stages(session, {});
  const auto taken = state_of_text(state_text(state, before, mark), after, {mark.kind, mark.file, "changed"});
  ASSERT_TRUE(taken) << taken.error().sentence;
  ASSERT_EQ(taken->notes.size(), 1U);
  EXPECT_NE(taken->notes[0].find("1 of 7 strips"), std::string::npos) << taken->notes[0];
  const DeskValues& values = taken->state.values;
  EXPECT_EQ(values.strips[0].at.fader_db, state.values.strips[0].at.fader_db);
  EXPECT_EQ(values.strips[1], initial_values(after, "").strips[1]);
  EXPECT_EQ(values.strips[2].at.fader_db, to_db(0.25).value) << "it was where the session had it";
  EXPECT_TRUE(values.strips[2].is_locked);
  EXPECT_EQ(values.common, state.values.common);
  EXPECT_TRUE(taken->state.past.empty());
}

TEST(StateFile, KeepsTheNewestChanges) {
  const StageTable table = daw_stages(test::small_flow(), {});
  KeptState state{initial_values(table, "spotify"), {}, {}, {}, {}};
  for (std::size_t i = 0; i < most_kept_changes + 10; ++i) {
    DeskValues next = state.values;
    next.strips[0].at.fader_db = -0.01 * static_cast<double>(i + 1);
    state.past.push_back({std::to_string(i), change_between(state.values, next), {}});
    state.values = next;
  }
  const auto taken = state_of_text(state_text(state, table, mark), table, mark);
  ASSERT_TRUE(taken);
  ASSERT_EQ(taken->state.past.size(), most_kept_changes);
  EXPECT_EQ(taken->state.past.back().name, std::to_string(most_kept_changes + 9));
}

TEST(StateFile, KnowsWhatWasRaisedFromMinusInfinity) {
  Session session = test::small_flow();
  session.flow->strips[0].fader.ratio = 0.0;
  const StageTable table = daw_stages(session, {});
  KeptState state;
  state.values = initial_values(table, "spotify");
  state.snapshots[0] = Snapshot{state.values, "12:00"};
  state.values.strips[0].at.fader_db = -7.5;
  state.values.strips[0].is_by_hand = state.values.strips[0].is_raised = true;
  const auto taken = state_of_text(state_text(state, table, mark), table, mark);
  ASSERT_TRUE(taken) << taken.error().sentence;
  EXPECT_EQ(taken->state.values, state.values);
  EXPECT_EQ(taken->state.snapshots, state.snapshots);
  // In a session that has it up by now, nothing is left to be raised.
  const StageTable up = daw_stages(test::small_flow(), {});
  const auto fitted = state_of_text(state_text(state, table, mark), up, {mark.kind, mark.file, "other"});
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->state.values.strips[0].at.fader_db, -7.5);
  EXPECT_FALSE(fitted->state.values.strips[0].is_raised);
}

}  // namespace
}  // namespace gainstage::desk
