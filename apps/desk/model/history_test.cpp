// SPDX-License-Identifier: MIT
#include "history.h"

#include <limits>

#include "test_desk.h"

namespace gainstage::desk {
namespace {

/// Any change that a desk may make.
DeskValues changed(DeskValues values, std::mt19937& random) {
  const auto below = [&](std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); };
  const double db = std::uniform_real_distribution<double>(-40.0, 6.0)(random);
  StripValues& strip = values.strips[below(values.strips.size())];
  switch (below(8)) {
    case 0:
      strip.at.fader_db = below(9) == 0 ? -std::numeric_limits<double>::infinity() : db;
      strip.is_by_hand = true;
      break;
    case 1:
      strip.at.trim_db = db;
      break;
    case 2:
      strip.is_locked = !strip.is_locked;
      break;
    case 3:
      strip.group = below(2) == 0 ? "" : "drums";
      break;
    case 4:
      strip.held = Held{Held::How::evidence, db, -db};
      break;
    case 5:
      values.common.strength_percent = std::abs(db);
      for (StripValues& other : values.strips) other.at.fader_db += 0.1;
      break;
    case 6:
      values.common.target = {"", -16.0 + 0.01 * db, -1.0};
      break;
    default:
      values.common.step = static_cast<WalkStep>(below(7));
      break;
  }
  return values;
}

struct Played {
  History history;
  std::vector<DeskValues> states;  ///< After each entry; the first before all.
};

Played play(unsigned seed, std::size_t moves) {
  std::mt19937 random(seed);
  DeskValues values = initial_values(daw_stages(test::small_flow(), {}), "spotify");
  Played played{{}, {values}};
  for (std::size_t i = 0; i < moves; ++i) {
    const DeskValues next = changed(played.states.back(), random);
    const std::size_t before = played.history.past().size();
    played.history.done("move", played.states.back(), next);
    if (played.history.past().size() > before) played.states.push_back(next);
  }
  return played;
}

class AnySequence : public testing::TestWithParam<unsigned> {};

TEST_P(AnySequence, IsUndoneExactly) {
  Played played = play(GetParam(), 200);
  DeskValues values = played.states.back();
  for (std::size_t i = played.states.size() - 1; i-- > 0;) {
    ASSERT_TRUE(played.history.undo(values));
    ASSERT_EQ(values, played.states[i]) << i;
  }
  EXPECT_FALSE(played.history.undo(values));
}

TEST_P(AnySequence, IsDoneAgainExactly) {
  Played played = play(GetParam(), 200);
  DeskValues values = played.states.back();
  while (played.history.undo(values)) {
  }
  for (std::size_t i = 1; i < played.states.size(); ++i) {
    ASSERT_TRUE(played.history.redo(values));
    ASSERT_EQ(values, played.states[i]) << i;
  }
  EXPECT_FALSE(played.history.redo(values));
}

TEST_P(AnySequence, IsUndoneAsAWholeWhereItIsOneGesture) {
  std::mt19937 random(GetParam());
  const DeskValues first = initial_values(daw_stages(test::small_flow(), {}), "spotify");
  DeskValues values = first;
  History history;
  for (int i = 0; i < 50; ++i) {
    const DeskValues next = changed(values, random);
    history.done("move", values, next, 7.0);
    values = next;
  }
  const DeskValues last = values;
  ASSERT_EQ(history.past().size(), 1U);
  ASSERT_TRUE(history.undo(values));
  EXPECT_EQ(values, first);
  ASSERT_TRUE(history.redo(values));
  EXPECT_EQ(values, last);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnySequence, testing::Range(1U, 9U));

TEST(History, ForgetsWhatCouldBeDoneAgainAfterAMove) {
  Played played = play(3, 10);
  DeskValues values = played.states.back();
  played.history.undo(values);
  DeskValues next = values;
  next.common.strength_percent = 12.5;
  played.history.done("Strength 12 %", values, next);
  EXPECT_FALSE(played.history.redo_name());
  EXPECT_EQ(played.history.undo_name(), "Strength 12 %");
}

TEST(History, KeepsGesturesApartThatAnUndoLiesBetween) {
  DeskValues values = initial_values(daw_stages(test::small_flow(), {}), "spotify");
  History history;
  const auto move = [&](double db) {
    DeskValues next = values;
    next.strips[0].at.fader_db = db;
    history.done("Fader of Kick", values, next, 1.0);
    values = next;
  };
  move(-1.0);
  move(-2.0);
  history.undo(values);
  move(-3.0);
  move(-4.0);
  EXPECT_EQ(history.past().size(), 1U);
  history.undo(values);
  EXPECT_DOUBLE_EQ(values.strips[0].at.fader_db, to_db(0.5).value);
}

TEST(History, HasNoEntryOfNothing) {
  const DeskValues values = initial_values(daw_stages(test::small_flow(), {}), "spotify");
  History history;
  history.done("nothing", values, values);
  EXPECT_FALSE(history.undo_name());
}

TEST(History, TakesWhatThePlanChangesToTheNewestChange) {
  Played played = play(5, 20);
  DeskValues values = played.states.back();
  DeskValues amended = values;
  for (StripValues& strip : amended.strips) strip.at.trim_db += 1.0;
  played.history.amended(values, amended);
  values = amended;
  played.history.undo(values);
  // What only the plan moved is taken back with it.
  EXPECT_EQ(values, played.states[played.states.size() - 2]);
}

}  // namespace
}  // namespace gainstage::desk
