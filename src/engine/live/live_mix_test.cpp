// SPDX-License-Identifier: MIT
// What a live desk gives out, against what render_mix() writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/live/live_test.h"
#include "session/flow_check.h"

namespace gainstage {
namespace {

using test::Channels;
using test::difference;
using test::Player;
using test::rendered;

double ratio(double db) { return std::pow(10.0, db / 20.0); }

TEST(LiveMix, OfStemsIsTheRenderedMix) {
  const test::VariedSession stems;
  const Channels expected = rendered(stems.session(), stems.gains(), stems.folder());
  const Session desk = flow_of_stems(stems.session());
  ASSERT_TRUE(check_flow(*desk.flow));
  Player player(desk);
  player.play();
  EXPECT_LE(difference(player.take(expected[0].size() + 1000), expected), 1e-6);
  EXPECT_FALSE(player.look().is_playing);
  EXPECT_EQ(player.look().underruns, 0u);
}

TEST(LiveMix, OfSurroundStemsIsTheRenderedMix) {
  test::TestSession stems(48000.0, 6);
  stems.add("a.wav", test::hiss(0.1), 1.0, 1);
  stems.add("b.wav", test::hiss(0.1), 1.2, 2, 44100.0);
  stems.add("c.wav", test::hiss(0.1), 1.1, 6);
  Session session = stems.session();
  session.tracks[1].mix_channels = {4, 5};
  const Channels expected = rendered(session, stems.gains(), stems.folder());
  const Session desk = flow_of_stems(session);
  Player player(desk);
  player.play();
  EXPECT_LE(difference(player.take(expected[0].size()), expected), 1e-6);
}

TEST(LiveMix, IsTheSameInAnyBlocks) {
  const test::VariedSession stems;
  const Session desk = flow_of_stems(stems.session());
  Player whole(desk);
  whole.play();
  const Channels expected = whole.take(60000);
  for (const std::size_t block : {1000u, 441u, 37u}) {
    Player player(desk);
    player.play();
    EXPECT_EQ(player.take(60000, block), expected) << block;
  }
}

/// Buses, sends, pans, automation and what else a desk has.
class FullDesk {
 public:
  FullDesk() {
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string name = "source" + std::to_string(i) + ".wav";
      const std::size_t channels = i == 1 ? 1 : 2;
      const AudioBuffer samples =
          test::render(test::hiss(0.2), 48000.0, channels, 3.0, static_cast<unsigned>(i + 1));
      if (!test::write_audio(folder / name, {Container::wav, SampleFormat::float32, 48000.0, channels},
                             samples))
        throw std::runtime_error("no source");
      flow.sources.push_back({.name = name, .path = name});
    }
    flow.format = "ardour";
    flow.name = "full";
    flow.sample_rate_hz = 48000.0;
    flow.length_s = 3.0;
    flow.strips.push_back({.id = "m", .name = "Master", .kind = StripKind::master});
    flow.strips.push_back({.id = "b", .name = "Bus", .kind = StripKind::bus});
    flow.strips.push_back({.id = "r", .name = "Room", .kind = StripKind::bus});
    flow.strips[1].outputs.push_back({.to = 0});
    flow.strips[1].pan = {.law = PanLaw::ardour, .position = 0.2};
    flow.strips[1].fader.ratio = ratio(-2.0);
    flow.strips[2].outputs.push_back({.to = 0});
    flow.strips[2].trim.ratio = ratio(1.0);
    for (std::size_t i = 0; i < 3; ++i) {
      Strip track{.id = "t" + std::to_string(i), .name = "Track", .channels = i == 1 ? std::size_t{1} : 2};
      track.clips.push_back({.name = track.id,
                             .sources = {i},
                             .source_channels = {},
                             .start_s = 0.1 * static_cast<double>(i),
                             .length_s = 2.5});
      track.outputs.push_back({.to = i == 0 ? 0 : 1});
      track.pan = {.law = PanLaw::ardour, .position = 0.3 * static_cast<double>(i) - 0.4};
      flow.strips.push_back(track);
    }
    Strip& first = flow.strips[3];
    first.fader.automation =
        Automation{AutomationScale::value, {{0.2, 1.0}, {0.9, 0.1}, {1.0, 0.7}, {2.5, 0.2}}};
    first.trim.ratio = ratio(2.0);
    first.sends.push_back(
        {.name = "pre", .to = 2, .tap = Send::Tap::before_fader, .gain = {.ratio = ratio(-6.0)}});
    Strip& second = flow.strips[4];
    second.is_inverted = {true};
    second.sends.push_back(
        {.name = "post", .to = 2, .tap = Send::Tap::after_fader, .gain = {.ratio = ratio(-3.0)}});
    second.pan.automation = Automation{AutomationScale::value, {{0.5, -1.0}, {2.0, 1.0}}};
    flow.vcas.push_back({.id = "v", .name = "VCA", .gain = {.ratio = ratio(-1.5)}});
    flow.strips[5].vcas = {0};
    flow.strips[5].mute.automation =
        Automation{AutomationScale::value,
                   {{0.0, 0.0, AutomationShape::hold}, {1.0, 1.0, AutomationShape::hold}, {1.5, 0.0}}};
  }
  Session session() {
    find_media(flow, {folder.path(), {}});
    auto made = session_of(flow);
    if (!made) throw std::runtime_error(made.error().sentence);
    return made->session;
  }

  test::TemporaryFolder folder;
  SignalFlow flow;
};

TEST(LiveMix, OfADeskIsTheRenderedMix) {
  FullDesk full;
  const Session session = full.session();
  const Channels expected = rendered(session, std::vector<Db>(session.tracks.size()), full.folder);
  ASSERT_GT(test::greatest(expected), 0.1);
  Player player(session);
  player.play();
  EXPECT_LE(difference(player.take(expected[0].size()), expected), 1e-6);
}

TEST(LiveMix, TurnsStagesAsTheSessionDoes) {
  FullDesk full;
  const Session untouched = full.session();
  Player moved(untouched);
  moved.trim(3, ratio(-4.0));
  moved.fader(3, ratio(-5.0));
  moved.fader(4, ratio(3.0));
  moved.trim(2, ratio(2.0));
  moved.fader(0, ratio(-1.0));
  moved.take(480);  // All ramps are over.
  moved.play();
  full.flow.strips[3].trim.ratio *= ratio(-4.0);
  for (AutomationPoint& point : full.flow.strips[3].fader.automation->points) point.value *= ratio(-5.0);
  full.flow.strips[4].fader.ratio *= ratio(3.0);
  full.flow.strips[2].trim.ratio *= ratio(2.0);
  full.flow.strips[0].fader.ratio *= ratio(-1.0);
  const Session turned = full.session();
  const Channels expected = rendered(turned, std::vector<Db>(turned.tracks.size()), full.folder);
  EXPECT_LE(difference(moved.take(expected[0].size()), expected), 1e-6);
}

TEST(LiveMix, OfTracksWithGainsIsTheRenderedMix) {
  const test::VariedSession stems;
  std::vector<Db> gains = stems.gains();
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  for (std::size_t i = 0; i < gains.size(); ++i) {
    gains[i] = Db{static_cast<double>(i) - 5.0};
    const auto strip = static_cast<std::uint32_t>(i);
    i % 2 == 0 ? player.trim(strip, to_ratio(gains[i])) : player.fader(strip, to_ratio(gains[i]));
  }
  player.take(480);
  player.play();
  const Channels expected = rendered(stems.session(), gains, stems.folder());
  EXPECT_LE(difference(player.take(expected[0].size()), expected), 1e-6);
}

TEST(LiveMix, IsSilentWhereMediaAreMissing) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.3), 1.0);
  stems.add("b.wav", test::hiss(0.3), 1.0);
  const Channels expected = test::samples_of(stems.session().tracks[1].source_path);
  const Session desk = flow_of_stems(stems.session());
  std::filesystem::remove(stems.session().tracks[0].source_path);
  Player player(desk);
  player.play();
  EXPECT_LE(difference(player.take(48000), expected), 1e-7);
}

TEST(LiveMix, OfOneStripIsLeftWhenTheFadersOfTheOthersAreDown) {
  test::TestSession stems;
  for (const char* const name : {"a.wav", "b.wav", "c.wav"}) stems.add(name, test::hiss(0.3), 1.0);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  player.fader(0, 0.0);
  player.fader(2, 0.0);
  player.take(480);
  player.play();
  const Channels expected = test::samples_of(stems.session().tracks[1].source_path);
  EXPECT_EQ(player.take(48000), expected);
}

}  // namespace
}  // namespace gainstage
