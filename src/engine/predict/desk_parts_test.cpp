// SPDX-License-Identifier: MIT
#include "engine/predict/desk_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "engine/mix_loudness.h"
#include "engine/predict/random_desk.h"

namespace gainstage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class DeskPartsOf : public testing::TestWithParam<unsigned> {};

// Whatever is moved on the desk: what is predicted from the parts is what the moved desk plays.
TEST_P(DeskPartsOf, PredictTheLoudnessOfEveryMove) {
  test::RandomDesk desk(GetParam());
  const Session session = desk.session(desk.flow);
  const auto parts = desk_parts(session);
  ASSERT_TRUE(parts) << parts.error().sentence;
  auto loudness = MixLoudness::measure(parts->session, MixLoudness::Detail::hundredths);
  ASSERT_TRUE(loudness) << loudness.error().sentence;
  for (int i = 0; i < 4; ++i) {
    const test::DeskMoves moves = desk.moves();
    loudness->set_gains(gains_of(parts->parts, moves.trims, desk.faders(moves)));
    const MixLoudness::Reading predicted = loudness->reading();
    const Session moved = desk.session(desk.moved(moves));
    MeasureOptions options;
    options.with_history = true;
    const auto measured = measure_mix(moved, options);
    ASSERT_TRUE(measured) << measured.error().sentence;
    const Measure& mix = measured->measure;
    if (std::isinf(mix.integrated.value)) {
      EXPECT_LT(predicted.integrated.value, -70.0);
      continue;
    }
    constexpr double lu = 0.001;
    EXPECT_NEAR(predicted.integrated.value, mix.integrated.value, lu);
    EXPECT_NEAR(predicted.momentary_max.value, mix.momentary_max.value, lu);
    EXPECT_NEAR(predicted.short_term_max.value, mix.short_term_max.value, lu);
    EXPECT_NEAR(predicted.loudness_range.value, mix.loudness_range.value, lu);
    const MixLoudness::History history = loudness->history();
    ASSERT_EQ(history.momentary_lufs.size(), measured->momentary_lufs.size());
    for (std::size_t tenth = 0; tenth < history.momentary_lufs.size(); ++tenth) {
      if (measured->momentary_lufs[tenth] < -70.0f) continue;
      EXPECT_NEAR(history.momentary_lufs[tenth], measured->momentary_lufs[tenth], lu) << tenth;
      EXPECT_NEAR(history.short_term_lufs[tenth], measured->short_term_lufs[tenth], lu) << tenth;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Desks, DeskPartsOf, testing::Range(1u, 7u));

/// A track to the master by a bus, with a send to effects.
SignalFlow bus_and_effects(Send::Tap tap) {
  SignalFlow flow;
  flow.sample_rate_hz = 48000.0;
  flow.length_s = 1.0;
  flow.strips = {{.id = "0", .name = "Master", .kind = StripKind::master},
                 {.id = "1", .name = "Bus", .kind = StripKind::bus},
                 {.id = "2", .name = "Effects", .kind = StripKind::bus},
                 {.id = "3", .name = "Voice"}};
  flow.strips[1].outputs.push_back({.to = 0});
  flow.strips[2].outputs.push_back({.to = 0});
  flow.strips[3].outputs.push_back({.to = 1});
  flow.strips[3].sends.push_back({.name = "to effects", .to = 2, .tap = tap});
  return flow;
}

Session session_of_voice(SignalFlow flow) {
  Session session{"voice", 48000.0, 2, {}, std::move(flow)};
  Track track{"Voice", "", 48000.0, 2, 48000};
  track.strip = 3;
  session.tracks.push_back(track);
  return session;
}

TEST(DeskParts, AreTheWaysThatPassDifferentStages) {
  const Session session = session_of_voice(bus_and_effects(Send::Tap::before_fader));
  const auto parts = desk_parts(session);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->parts.size(), 2u);
  EXPECT_NE(parts->session.tracks[0].name, parts->session.tracks[1].name);
  const bool is_bus_first = parts->parts[0].faders.size() == 3;
  const DeskPart& by_bus = parts->parts[is_bus_first ? 0 : 1];
  const DeskPart& by_effects = parts->parts[is_bus_first ? 1 : 0];
  EXPECT_THAT(by_bus.trims, UnorderedElementsAre(3, 1, 0));
  EXPECT_THAT(by_bus.faders, UnorderedElementsAre(3, 1, 0));
  EXPECT_THAT(by_effects.trims, UnorderedElementsAre(3, 2, 0));
  EXPECT_THAT(by_effects.faders, UnorderedElementsAre(2, 0));
}

TEST(DeskParts, OfWaysThatPassTheSameStagesAreOne) {
  SignalFlow flow = bus_and_effects(Send::Tap::after_fader);
  flow.strips[3].sends[0].to = 1;
  EXPECT_EQ(desk_parts(session_of_voice(flow))->parts.size(), 1u);
}

TEST(DeskParts, LeaveOutWaysOnWhichNothingPasses) {
  SignalFlow flow = bus_and_effects(Send::Tap::after_fader);
  flow.strips[3].sends[0].gain.ratio = 0.0;
  EXPECT_EQ(desk_parts(session_of_voice(flow))->parts.size(), 1u);
}

TEST(DeskParts, AreRefusedWhereTheyWouldBeTooMany) {
  // Each stage of buses in pairs doubles the ways.
  SignalFlow flow;
  flow.sample_rate_hz = 48000.0;
  flow.strips.push_back({.id = "m", .name = "Master", .kind = StripKind::master});
  for (int stage = 0; stage < 10; ++stage) {
    for (int twin = 0; twin < 2; ++twin) {
      Strip bus{.id = std::to_string(flow.strips.size()), .name = "Bus", .kind = StripKind::bus};
      if (stage == 0) {
        bus.outputs.push_back({.to = 0});
      } else {
        const auto below = static_cast<std::size_t>(2 * stage - 1);
        bus.outputs = {{.to = below}, {.to = below + 1}};
      }
      flow.strips.push_back(bus);
    }
  }
  Session session{"many", 48000.0, 2, {}, flow};
  Track track{"Voice", "", 48000.0, 2, 48000};
  track.strip = flow.strips.size() - 1;
  session.tracks.push_back(track);
  const auto parts = desk_parts(session);
  ASSERT_FALSE(parts);
  EXPECT_THAT(parts.error().sentence, HasSubstr("ways"));
}

TEST(DeskParts, OfStemsAreTheStems) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.1), 0.5);
  stems.add("b.wav", test::hiss(0.1), 0.5);
  const auto parts = desk_parts(stems.session());
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->session.tracks.size(), 2u);
  EXPECT_THAT(parts->parts[1].trims, ElementsAre(1, 2));
  const std::vector<double> trims{1.0, 2.0, 0.5};
  const std::vector<double> faders{0.0, 10.0, 1.0};
  const std::vector<Db> gains = gains_of(parts->parts, trims, faders);
  EXPECT_EQ(gains[0], silent_db);
  EXPECT_NEAR(gains[1].value, 20.0, 1e-9);
}

}  // namespace
}  // namespace gainstage
