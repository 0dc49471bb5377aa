// SPDX-License-Identifier: MIT
// A live desk in the hands of several threads, and what its realtime thread may not do.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>

#include <atomic>
#include <thread>

#include "engine/live/exchange.h"
#include "engine/live/live_test.h"
#include "engine/live/thread_priority.h"
#include "tests/support/allocation_counter.h"

namespace gainstage {
namespace {

using test::Player;

/// Stems, one of them with a fader and a pan that move.
class MovingSession : public test::TestSession {
 public:
  MovingSession() {
    add("a.wav", test::hiss(0.3), 6.0);
    add("b.wav", test::hiss(0.3), 5.0, 1, 44100.0);
    add("c.wav", test::hiss(0.9), 6.0);
    desk = flow_of_stems(session());
    Strip& strip = desk.flow->strips[0];
    strip.pan.law = PanLaw::ardour;
    Automation pan{AutomationScale::value, {}};
    for (int i = 0; i < 60; ++i) pan.points.push_back({0.1 * i, i % 2 == 0 ? -0.5 : 0.5});
    strip.pan.automation = pan;
    strip.fader.automation = Automation{AutomationScale::decibels, {{0.0, 1.0}, {3.0, 0.1}, {6.0, 1.0}}};
  }
  Session desk;
};

TEST(ThreadPriority, IsHadWhereTheSystemAllowsIt) {
  std::thread([] {
    const int before = sched_getscheduler(0);
    const bool is_had = ask_for(ThreadPriority::realtime);
    EXPECT_EQ(sched_getscheduler(0), is_had ? SCHED_RR : before);
  }).join();
  std::thread([] {
    const int before = getpriority(PRIO_PROCESS, 0);
    const bool is_had = ask_for(ThreadPriority::early);
    if (is_had)
      EXPECT_LT(getpriority(PRIO_PROCESS, 0), 0);
    else
      EXPECT_EQ(getpriority(PRIO_PROCESS, 0), before);
  }).join();
  // Of other threads it is no business.
  EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
}

LiveCommand random_command(std::mt19937& random, std::uint32_t strips) {
  LiveCommand command;
  command.kind = static_cast<LiveCommand::Kind>(random() % 11);
  if (command.kind == LiveCommand::Kind::pause && random() % 2 == 0) command.kind = LiveCommand::Kind::play;
  command.tap = static_cast<LiveTap>(random() % 3);
  command.probe = static_cast<std::uint8_t>(random() % live_probes);
  command.strip = random() % 4 == 0 ? LiveCommand::no_strip : static_cast<std::uint32_t>(random() % strips);
  command.value = static_cast<double>(random() % 1000) / 500.0;
  command.first = static_cast<Frames>(random() % 300000);
  command.last = static_cast<Frames>(random() % 300000);
  return command;
}

TEST(LiveThreads, TheRealtimeOneDoesNotAllocate) {
  const MovingSession session;
  Player player(session.desk, LiveOptions{});
  AudioBuffer block(2, 480);
  std::mt19937 random(3);
  player.play();
  std::size_t allocated = 0;
  double greatest = 0.0;
  for (int i = 0; i < 600; ++i) {
    if (i % 20 == 0) player.play();
    if (i % 5 == 0) player.send(random_command(random, 4));
    const std::size_t before = test::allocations();
    player.desk().process(block.view(i % 3 == 0 ? 480 : 100 + static_cast<std::size_t>(i % 300)));
    allocated += test::allocations() - before;
    for (const float sample : block.view().channel(0))
      greatest = std::max(greatest, std::abs(double{sample}));
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
  EXPECT_EQ(allocated, 0u);
  EXPECT_GT(greatest, 0.1);
}

TEST(LiveThreads, MayAllMoveLookAndListenAtOnce) {
  const MovingSession session;
  Player player(session.desk, LiveOptions{});
  std::atomic<bool> is_over = false;
  std::thread control([&] {
    std::mt19937 random(4);
    while (!is_over) {
      for (int i = 0; i < 50; ++i) player.desk().send(random_command(random, 4));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::thread meters([&] {
    LiveLook look;
    std::vector<float> samples;
    std::size_t count = 0;
    while (!is_over) {
      player.desk().look(look);
      for (std::size_t probe = 0; probe < live_probes; ++probe)
        count += player.desk().read_probe(probe, samples);
      if (count % 7 == 0) player.desk().clear_clips();
      EXPECT_EQ(look.strips.size(), 4u);
      EXPECT_FALSE(std::isnan(look.master.momentary_lufs));
      EXPECT_GE(look.position_s, 0.0);
      EXPECT_LE(look.position_s, 6.0);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  AudioBuffer block(2, 480);
  bool is_finite = true;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  while (std::chrono::steady_clock::now() < until) {
    player.desk().process(block.view());
    for (const float sample : block.view().channel(0)) is_finite = is_finite && std::isfinite(sample);
    std::this_thread::sleep_for(std::chrono::microseconds(300));
  }
  is_over = true;
  control.join();
  meters.join();
  EXPECT_TRUE(is_finite);
}

/// After any commands, playing from a place gives what is there.
TEST(LiveThreads, PlayTheRightPlaceAfterAnyCommands) {
  test::TestSession stems;
  stems.add("a.wav", test::hiss(0.5), 6.0);
  const test::Channels source = test::samples_of(stems.session().tracks[0].source_path);
  const Session desk = flow_of_stems(stems.session());
  Player player(desk);
  std::mt19937 random(5);
  for (int round = 0; round < 40; ++round) {
    for (std::size_t i = 0; i < 1 + random() % 12; ++i) {
      LiveCommand command = random_command(random, 2);
      using Kind = LiveCommand::Kind;
      command.kind = std::array{Kind::play, Kind::pause, Kind::seek, Kind::loop}[random() % 4];
      player.send(command);
      if (random() % 2 == 0) player.take(1 + random() % 3000, 1 + random() % 700);
    }
    player.loop(0, 0);
    const auto to = static_cast<Frames>(random() % 200000);
    player.seek(to);
    player.play();
    player.take(480);
    const test::Channels out = player.take(4800);
    const Frames first = player.blocks[player.blocks.size() - 10].first;
    ASSERT_GE(first, to) << round;
    ASSERT_LE(first, to + 480) << round;
    ASSERT_EQ(test::difference(out, source, static_cast<std::size_t>(first), 240), 0.0) << round;
  }
}

TEST(LiveThreads, SayWhenTheQueueIsFull) {
  const MovingSession session;
  Player player(session.desk, LiveOptions{});
  const LiveCommand command{.kind = LiveCommand::Kind::fader, .strip = 0, .value = 0.5};
  for (int i = 0; i < 4096; ++i) ASSERT_TRUE(player.desk().send(command)) << i;
  EXPECT_FALSE(player.desk().send(command));
  player.take(64);
  EXPECT_TRUE(player.desk().send(command));
}

TEST(Exchange, GivesTheLatestValueWhole) {
  struct Value {
    std::uint64_t a = 0, b = 0, c = 0;
  };
  LatestValue<Value> latest;
  latest.store({});
  std::atomic<bool> is_over = false;
  std::thread writer([&] {
    for (std::uint64_t i = 1; i < 200000; ++i) latest.store({i, 2 * i, 3 * i});
    is_over = true;
  });
  std::uint64_t newest = 0;
  while (!is_over) {
    const Value value = latest.load();
    ASSERT_EQ(value.b, 2 * value.a);
    ASSERT_EQ(value.c, 3 * value.a);
    ASSERT_GE(value.a, newest);
    newest = value.a;
  }
  writer.join();
  EXPECT_EQ(latest.load().a, 199999u);
}

}  // namespace
}  // namespace gainstage
