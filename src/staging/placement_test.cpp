// SPDX-License-Identifier: MIT
#include "staging/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "staging/staging.h"

namespace gainstage {
namespace {

constexpr GainControl::Range six_db{2.0};
double ratio(double db) { return std::pow(10.0, db / 20.0); }

GainControl control(double db = 0.0) { return {.ratio = ratio(db), .writable = six_db}; }

/// Kick and voice into a drum bus and the master.
struct Song {
  Session session;
  GainPlan plan;
  std::vector<std::optional<InsertLevel>> inserts;

  Song() {
    SignalFlow flow;
    Strip master{.id = "m", .name = "Master", .kind = StripKind::master, .fader = control()};
    Strip bus{.id = "b", .name = "Drums", .kind = StripKind::bus, .fader = control()};
    bus.outputs.push_back({.to = 0});
    flow.strips = {master, bus};
    session.flow = flow;
    add("Kick", 1, -4.0);
    add("Voice", 0, 3.0);
    plan.raise = {2.0};
  }
  void add(const std::string& name, std::size_t to, double gain_db) {
    Strip strip{.id = name,
                .name = name,
                .clips = {},
                .trim = {.writable = GainControl::Range{10.0}},
                .fader = control()};
    strip.clips.push_back({.name = name,
                           .sources = {0},
                           .source_channels = {},
                           .gain = {.writable = GainControl::Range{100.0}}});
    strip.outputs.push_back({.to = to});
    session.tracks.push_back({.name = name, .source_path = "", .strip = session.flow->strips.size()});
    session.flow->strips.push_back(strip);
    TrackPlan track;
    track.name = name;
    track.fader = {gain_db};
    plan.tracks.push_back(track);
    // A mean of -24 dBFS, no crest to speak of: 6 dB under the operating level.
    inserts.push_back(InsertLevel{{-20.0}, {-24.0}});
  }
  Strip& strip(std::size_t track) { return session.flow->strips[*session.tracks[track].strip]; }
  Placement placed(PlacementOptions options = {}) const { return place(session, plan, inserts, options); }
};

Db of(const Placement& placement, StageRef stage) {
  Db sum;
  for (const StageMove& move : placement.moves) {
    if (move.change.stage == stage) sum += move.change.gain;
  }
  return sum;
}

constexpr StageRef master{StageKind::master, 0, 0};

/// What all the moves do to a track on its way to the mix.
double total(const Song& song, const Placement& placement, std::size_t track) {
  const std::size_t at = *song.session.tracks[track].strip;
  double sum = of(placement, {StageKind::trim, at, 0}).value + of(placement, {StageKind::clip, at, 0}).value +
               of(placement, {StageKind::fader, at, 0}).value + of(placement, master).value;
  for (const std::size_t vca : song.session.flow->strips[at].vcas)
    sum += of(placement, {StageKind::vca, vca, 0}).value;
  return sum;
}

TEST(Placement, PutsNominalInTrimsAndTheRestOnFaders) {
  const Song song;
  const Placement placement = song.placed();
  EXPECT_DOUBLE_EQ(of(placement, {StageKind::trim, 2, 0}).value, 6.0);
  EXPECT_DOUBLE_EQ(of(placement, {StageKind::fader, 2, 0}).value, -8.0);
  EXPECT_DOUBLE_EQ(of(placement, {StageKind::fader, 3, 0}).value, -1.0);
  EXPECT_TRUE(placement.losses.empty());
}

TEST(Placement, MovesEveryTrackByItsGainWhereverItIsPlaced) {
  for (const Place where :
       {Place::automatic, Place::clip, Place::trim, Place::fader, Place::vca, Place::master}) {
    for (const bool has_comp : {false, true}) {
      Song song;
      song.session.flow->vcas.push_back({.id = "1", .name = "VCA", .gain = control()});
      song.strip(0).vcas = song.strip(1).vcas = {0};
      if (has_comp) song.strip(1).inserts.push_back({.name = "Comp", .kind = Insert::Kind::non_linear});
      const Placement placement = song.placed({.place = where});
      EXPECT_NEAR(total(song, placement, 0), -2.0, 1e-9) << to_string(where);
      EXPECT_NEAR(total(song, placement, 1), 5.0, 1e-9) << to_string(where);
      EXPECT_TRUE(placement.losses.empty());
    }
  }
}

TEST(Placement, KeepsTheLevelIntoInsertsThatItMattersTo) {
  Song song;
  song.strip(0).inserts.push_back({.name = "Comp", .kind = Insert::Kind::non_linear});
  song.strip(1).inserts.push_back({.name = "EQ", .kind = Insert::Kind::linear});
  const Placement kept = song.placed();
  EXPECT_DOUBLE_EQ(of(kept, {StageKind::trim, 2, 0}).value, 0.0);
  EXPECT_DOUBLE_EQ(of(kept, {StageKind::fader, 2, 0}).value, -2.0);
  EXPECT_DOUBLE_EQ(of(kept, {StageKind::trim, 3, 0}).value, 6.0);
  const auto fader = std::ranges::find(kept.moves, StageRef{StageKind::fader, 2, 0},
                                       [](const StageMove& move) { return move.change.stage; });
  EXPECT_NE(fader->why.find("level into its inserts stays as it is"), std::string::npos);
  EXPECT_DOUBLE_EQ(of(song.placed({.before_inserts = true}), {StageKind::trim, 2, 0}).value, 6.0);
}

TEST(Placement, RaisesBehindABusThatLevelMattersTo) {
  Song song;
  song.session.flow->strips[1].inserts.push_back({.name = "Glue", .kind = Insert::Kind::non_linear});
  const Placement placement = song.placed();
  EXPECT_DOUBLE_EQ(of(placement, master).value, 2.0);
  EXPECT_DOUBLE_EQ(placement.master.value, 2.0);
  EXPECT_DOUBLE_EQ(of(placement, {StageKind::fader, 3, 0}).value, -3.0);
}

TEST(Placement, GivesWhatAFaderCantHoldToTheTrim) {
  Song song;
  song.strip(1).fader = control(5.0);
  const Placement placement = song.placed({.place = Place::fader});
  EXPECT_NEAR(of(placement, {StageKind::fader, 3, 0}).value, 1.02, 1e-9);
  EXPECT_NEAR(of(placement, {StageKind::trim, 3, 0}).value, 3.98, 1e-9);
}

TEST(Placement, GivesItToTheMasterWhereTheTrimIsNoWayOut) {
  Song song;
  song.strip(1).fader = control(5.0);
  song.strip(1).inserts.push_back({.name = "Comp", .kind = Insert::Kind::non_linear});
  const Placement placement = song.placed({.place = Place::fader});
  EXPECT_NEAR(of(placement, master).value, 3.98, 1e-9);
  EXPECT_NEAR(total(song, placement, 0), -2.0, 1e-9);
  EXPECT_NEAR(total(song, placement, 1), 5.0, 1e-9);
}

TEST(Placement, LooksAtEveryPointOfAnAutomation) {
  Song song;
  song.strip(1).fader.automation = Automation{AutomationScale::value, {{0.0, 0.1}, {1.0, 1.9}}};
  const Placement placement = song.placed({.place = Place::fader});
  EXPECT_NEAR(of(placement, {StageKind::fader, 3, 0}).value, 0.44, 1e-9);
}

TEST(Placement, SaysWhatIsLost) {
  Song song;
  song.strip(1).fader.writable.reset();
  song.strip(1).trim.writable.reset();
  const Placement placement = song.placed({.place = Place::fader});
  ASSERT_EQ(placement.losses.size(), 1u);
  EXPECT_NE(placement.losses[0].sentence.find("Voice: fader can't be written"), std::string::npos);
}

TEST(Placement, TakesSendsBeforeTheFaderAlong) {
  Song song;
  song.strip(1).sends.push_back({.name = "fx", .to = 1, .tap = Send::Tap::before_fader, .gain = control()});
  const Placement placement = song.placed();
  EXPECT_DOUBLE_EQ(of(placement, {StageKind::send, 3, 0}).value,
                   of(placement, {StageKind::fader, 3, 0}).value);
}

TEST(Placement, LeavesSilentTracksAlone) {
  Song song;
  song.plan.tracks[0].is_silent = true;
  const Placement placement = song.placed();
  EXPECT_TRUE(std::ranges::none_of(placement.moves,
                                   [](const StageMove& move) { return move.change.stage.strip == 2; }));
}

TEST(Placement, HasNothingToSayOfNoMove) {
  Song song;
  song.plan.raise = {};
  for (TrackPlan& track : song.plan.tracks) track.fader = {};
  for (auto& level : song.inserts) level = InsertLevel{{-14.0}, {-18.0}};
  EXPECT_TRUE(song.placed().moves.empty());
}

}  // namespace
}  // namespace gainstage
