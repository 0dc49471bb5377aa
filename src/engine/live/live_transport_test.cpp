// SPDX-License-Identifier: MIT
// Where a live desk plays: starts, jumps, loops and its end.
#include <gtest/gtest.h>

#include <numbers>

#include "engine/live/live_test.h"

namespace gainstage {
namespace {

using test::Channels;
using test::greatest_step;
using test::Player;

constexpr std::size_t fade = 240;  ///< 5 ms.

/// One stem whose samples say which frame they are.
class NumberedSession : public test::TestSession {
 public:
  explicit NumberedSession(std::size_t frames) {
    AudioBuffer numbers(2, frames);
    for (std::size_t c = 0; c < 2; ++c) {
      for (std::size_t i = 0; i < frames; ++i)
        numbers.view().channel(c)[i] = value_of(static_cast<Frames>(i));
    }
    add("numbers.wav", numbers, 48000.0);
    desk = flow_of_stems(session());
  }
  static float value_of(Frames frame) { return static_cast<float>(frame + 1) / 0x1p22f; }
  static Frames frame_of(float value) { return std::llround(static_cast<double>(value) * 0x1p22) - 1; }

  Session desk;
};

/// The frames that were heard; -1: silence.
std::vector<Frames> heard(const Channels& out) {
  std::vector<Frames> frames;
  for (const float value : out[0]) frames.push_back(NumberedSession::frame_of(value));
  return frames;
}

/// Frames from `first` on, that turn from `last` to `turn`.
std::vector<Frames> looped(Frames first, Frames turn, Frames last, std::size_t count) {
  std::vector<Frames> frames;
  for (Frames at = first; frames.size() < count; ++at) {
    if (at == last) at = turn;
    frames.push_back(at);
  }
  return frames;
}

TEST(LiveTransport, IsSilentUntilItPlays) {
  const NumberedSession session(48000);
  Player player(session.desk);
  EXPECT_EQ(test::greatest(player.take(4800)), 0.0);
  EXPECT_EQ(player.look().position_s, 0.0);
  player.play();
  EXPECT_EQ(heard(player.take(480)), looped(0, 0, -1, 480));
  EXPECT_TRUE(player.blocks.back().is_after_jump);
  EXPECT_EQ(player.blocks.back().first, 0);
  player.take(480);
  EXPECT_FALSE(player.blocks.back().is_after_jump);
  EXPECT_EQ(player.blocks.back().first, 480);
  EXPECT_DOUBLE_EQ(player.look().position_s, 0.02);
}

TEST(LiveTransport, SeeksToTheFrame) {
  const NumberedSession session(96000);
  Player player(session.desk);
  for (const Frames to : {50000, 12345, 77777}) {
    player.seek(to);
    player.take(480);
    player.play();
    const auto frames = heard(player.take(9600));
    for (std::size_t i = fade; i < frames.size(); ++i)
      ASSERT_EQ(frames[i], to + static_cast<Frames>(i)) << to;
    player.pause();
    player.take(480);
  }
}

TEST(LiveTransport, SeeksWhilePlaying) {
  const NumberedSession session(96000);
  Player player(session.desk);
  player.play();
  player.take(4800);
  player.seek(60000);
  const auto frames = heard(player.take(4800));
  // The old place fades out, then the new one in.
  for (std::size_t i = 2 * fade; i < frames.size(); ++i)
    ASSERT_EQ(frames[i], 60000 + static_cast<Frames>(i - fade));
  EXPECT_TRUE(player.blocks[10].is_after_jump);
}

TEST(LiveTransport, HoldsItsPlaceWhileItWaits) {
  const NumberedSession session(96000);
  LiveOptions options;
  auto desk = LiveDesk::open(session.desk, options);
  ASSERT_TRUE(desk);
  ASSERT_TRUE((*desk)->send({.kind = LiveCommand::Kind::play}));
  AudioBuffer block(2, 480);
  std::vector<float> sound;
  for (int i = 0; i < 5000 && sound.empty(); ++i) {
    const LiveBlock what = (*desk)->process(block.view());
    LiveLook look;
    (*desk)->look(look);
    if (look.is_waiting) {
      EXPECT_EQ(what.first, 0);
      EXPECT_EQ(look.position_s, 0.0);
      EXPECT_EQ(test::greatest({{block.view().channel(0).begin(), block.view().channel(0).end()}}), 0.0);
    } else {
      sound.insert(sound.end(), block.view().channel(0).begin(), block.view().channel(0).end());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(heard({sound}), looped(0, 0, -1, 480));
}

TEST(LiveTransport, LoopsToTheSample) {
  const NumberedSession session(96000);
  for (const auto& [first, last] : {std::pair<Frames, Frames>{1000, 31007}, {480, 1111}, {0, 96000}}) {
    Player player(session.desk);
    player.loop(first, last);
    player.take(480);
    player.play();
    const std::size_t count = last - first > 90000 ? 300000 : 100000;
    EXPECT_EQ(heard(player.take(count, 441)), looped(0, first, last, count)) << first << " " << last;
    EXPECT_TRUE(player.look().is_playing);
    EXPECT_EQ(player.look().underruns, 0u);
  }
}

TEST(LiveTransport, TurnsWhereALoopIsSetOverWhatIsReadAlready) {
  const NumberedSession session(96000);
  Player player(session.desk);
  player.play();
  player.take(4800);
  player.loop(2000, 14000);  // All up to 28800 is read.
  EXPECT_EQ(heard(player.take(40000)), looped(4800, 2000, 14000, 40000));
}

TEST(LiveTransport, GoesOnWhereALoopIsClearedWhoseTurnIsReadAlready) {
  const NumberedSession session(200000);
  Player player(session.desk);
  player.loop(2000, 14000);
  player.take(480);
  player.play();
  player.take(9600);
  player.loop(0, 0);
  EXPECT_EQ(heard(player.take(40000)), looped(9600, 0, -1, 40000));
}

TEST(LiveTransport, FollowsALoopThatIsMoved) {
  const NumberedSession session(200000);
  Player player(session.desk);
  player.loop(2000, 14000);
  player.take(480);
  player.play();
  player.take(4800);
  player.loop(2000, 16000);
  player.loop(3000, 15000);
  player.loop(4000, 15000);
  EXPECT_EQ(heard(player.take(40000)), looped(4800, 4000, 15000, 40000));
}

TEST(LiveTransport, FollowsALoopThatIsMovedBeforeItsFirstTurn) {
  const NumberedSession session(200000);
  Player player(session.desk);
  player.play();
  player.take(4800);
  player.loop(2000, 24000);
  player.take(12000);
  // The turn is read by now, behind what is read for nothing.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  player.loop(1000, 25000);
  EXPECT_EQ(heard(player.take(960)), looped(16800, 0, -1, 960));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  player.loop(1000, 23000);
  EXPECT_EQ(heard(player.take(40000)), looped(17760, 1000, 23000, 40000));
}

TEST(LiveTransport, StandsBehindTheTurnWhenABlockEndsWithTheLoop) {
  const NumberedSession session(96000);
  Player player(session.desk);
  player.loop(480, 4800);
  player.play();
  player.take(4800);
  EXPECT_DOUBLE_EQ(player.look().position_s, 0.01);
  player.loop(0, 0);
  EXPECT_EQ(heard(player.take(9600)), looped(480, 0, -1, 9600));
}

TEST(LiveTransport, GoesOnOverATurnThatWasTakenBack) {
  const NumberedSession session(200000);
  Player player(session.desk);
  player.loop(2000, 24000);
  player.play();
  player.take(9600);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // The turn is read.
  player.loop(0, 0);
  player.take(9600);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // So is what comes in its place.
  player.loop(3000, 30000);
  EXPECT_EQ(heard(player.take(40000)), looped(19200, 3000, 30000, 40000));
}

TEST(LiveTransport, TellsOfTurnsAsOfJumps) {
  const NumberedSession session(96000);
  Player player(session.desk);
  player.loop(480, 4800);
  player.take(480);
  player.blocks.clear();
  player.play();
  player.take(12000);
  for (std::size_t i = 0; i < player.blocks.size(); ++i)
    EXPECT_EQ(player.blocks[i].is_after_jump, i == 0 || i == 10 || i == 19) << i;
}

TEST(LiveTransport, JumpsIntoALoopThatLiesBehind) {
  const NumberedSession session(200000);
  Player player(session.desk);
  player.play();
  player.take(24000);
  player.loop(2000, 8000);
  player.take(2 * fade);
  EXPECT_EQ(heard(player.take(20000)), looped(2000 + fade, 2000, 8000, 20000));
}

TEST(LiveTransport, StopsAtTheEndAndBeginsAnew) {
  const NumberedSession session(10000);
  Player player(session.desk);
  player.play();
  const auto frames = heard(player.take(12000));
  for (std::size_t i = 0; i < frames.size(); ++i)
    ASSERT_EQ(frames[i], i < 10000 ? static_cast<Frames>(i) : -1);
  EXPECT_FALSE(player.look().is_playing);
  EXPECT_DOUBLE_EQ(player.look().position_s, 10000.0 / 48000.0);
  player.play();
  EXPECT_EQ(heard(player.take(4800)), looped(0, 0, -1, 4800));
}

TEST(LiveTransport, ResumesWhereItPaused) {
  const NumberedSession session(96000);
  Player player(session.desk);
  player.play();
  player.take(4800);
  player.pause();
  const Channels faded = player.take(960);
  EXPECT_EQ(test::difference(faded, Channels(2), 0, fade), 0.0);
  EXPECT_FALSE(player.look().is_playing);
  EXPECT_DOUBLE_EQ(player.look().position_s, (4800.0 + fade) / 48000.0);
  player.play();
  const auto frames = heard(player.take(4800));
  for (std::size_t i = fade; i < frames.size(); ++i)
    ASSERT_EQ(frames[i], static_cast<Frames>(4800 + fade + i));
}

/// A sine on all stems, slow enough for any other step to be seen.
class SlowSession : public test::TestSession {
 public:
  static constexpr double hertz = 40.0;
  static constexpr double amplitude = 0.5;
  /// Of the sine itself, from sample to sample.
  static double own_step() { return amplitude * 2.0 * std::numbers::pi * hertz / 48000.0; }

  SlowSession() {
    add("a.wav", test::tone(hertz, amplitude), 8.0);
    desk = flow_of_stems(session());
  }
  Session desk;
};

TEST(LiveTransport, ClicksNeitherWhenItPausesNorWhenItJumps) {
  const SlowSession session;
  Player player(session.desk);
  std::mt19937 random(1);
  player.play();
  Channels all(2);
  for (int i = 0; i < 120; ++i) {
    switch (random() % 4) {
      case 0:
        player.play();
        break;
      case 1:
        player.pause();
        break;
      case 2:
        player.seek(static_cast<Frames>(random() % 300000));
        break;
      default:
        break;
    }
    const Channels out = player.take(100 + random() % 2000);
    for (std::size_t c = 0; c < 2; ++c) all[c].insert(all[c].end(), out[c].begin(), out[c].end());
  }
  // A fade may be cut short by the end of what is read; then it is as long as that.
  EXPECT_LE(greatest_step(all), SlowSession::own_step() + SlowSession::amplitude / fade + 1e-4);
  EXPECT_GT(test::greatest(all), 0.4);
}

TEST(LiveTransport, ClicksNotWhereStagesAreMoved) {
  const SlowSession session;
  Player player(session.desk);
  std::mt19937 random(2);
  player.play();
  Channels all(2);
  for (int i = 0; i < 300; ++i) {
    const double ratio = static_cast<double>(random() % 1001) / 1000.0;
    const auto strip = static_cast<std::uint32_t>(random() % 2);
    switch (random() % 6) {
      case 0:
        player.trim(strip, ratio);
        break;
      case 1:
        player.fader(strip, ratio);
        break;
      case 2:
        player.send({.kind = LiveCommand::Kind::monitor, .value = ratio});
        break;
      case 3:
        player.send({.kind = LiveCommand::Kind::mono, .value = ratio < 0.5 ? 0.0 : 1.0});
        break;
      case 4:
        player.send({.kind = LiveCommand::Kind::listen,
                     .tap = static_cast<LiveTap>(random() % 3),
                     .strip = ratio < 0.5 ? LiveCommand::no_strip : strip});
        break;
      default:
        break;
    }
    const Channels out = player.take(1 + random() % 1000);
    for (std::size_t c = 0; c < 2; ++c) all[c].insert(all[c].end(), out[c].begin(), out[c].end());
  }
  // Two trims, two faders, the monitor and the way to another tap may all be moving, 10 ms each.
  EXPECT_LE(greatest_step(all), SlowSession::own_step() + 6.0 * SlowSession::amplitude / 480.0);
}

TEST(LiveTransport, ReachesAGainWithin10ms) {
  const NumberedSession session(48000);
  Player player(session.desk);
  player.play();
  player.take(960);
  player.fader(0, 0.5);
  const Channels out = player.take(1440);
  for (std::size_t i = 0; i < out[0].size(); ++i) {
    const float full = NumberedSession::value_of(static_cast<Frames>(960 + i));
    if (i < 479) {
      EXPECT_GT(out[0][i], 0.5f * full);
    } else if (i >= 480) {
      EXPECT_EQ(out[0][i], 0.5f * full);
    }
  }
}

/// Sources that have to be resampled, so that reading them takes its time.
class ResampledSession : public test::TestSession {
 public:
  ResampledSession() {
    for (const char* const name : {"a.wav", "b.wav", "c.wav", "d.wav"})
      add(name, test::tone(40.0, 0.1), 6.0, 2, 96000.0);
    desk = flow_of_stems(session());
  }
  Session desk;
};

TEST(LiveTransport, LosesNothingInAnUnderrun) {
  const ResampledSession session;
  LiveOptions options;
  options.max_block_frames = 480;
  options.ahead_s = options.start_s = 0.0;
  Player player(session.desk, options);
  player.play();
  AudioBuffer block(2, 480);
  Channels all(2);
  Frames next = 0;
  std::uint32_t underruns = 0;
  for (int i = 0; i < 3000; ++i) {
    const LiveBlock what = player.desk().process(block.view());
    EXPECT_GE(what.first, next);
    EXPECT_LE(what.first, next + 480);
    next = what.first;
    underruns = what.underruns;
    for (std::size_t c = 0; c < 2; ++c)
      all[c].insert(all[c].end(), block.view().channel(c).begin(), block.view().channel(c).end());
    if (!what.is_playing) break;
  }
  if (underruns == 0) GTEST_SKIP() << "the sources were read in time";
  EXPECT_LE(greatest_step(all), 0.4 * 2.0 * std::numbers::pi * 40.0 / 48000.0 + 0.4 / 200.0);
}

TEST(LiveTransport, HasWhatItIsToHaveBeforeItBegins) {
  const ResampledSession session;
  LiveOptions options;
  options.ahead_s = 3.0;
  options.start_s = 2.0;
  Player player(session.desk, options);
  player.play();
  LiveLook seen;
  do {
    player.take(480);
    seen = player.look();
  } while (seen.is_waiting);
  // Far faster than any file is read.
  player.take(2 * 48000 - 480);
  EXPECT_EQ(player.look().underruns, 0u);
}

}  // namespace
}  // namespace gainstage
