// SPDX-License-Identifier: MIT
// The threads of the desk and of the sound: to be run under the thread sanitizer as well.
#include "desk/server/desk_thread.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "desk/server/audio_pump.h"
#include "desk/server/fake_desk.h"
#include "desk/server/merge_patch.h"

namespace gainstage::desk {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Waits up to ten seconds for something another thread does.
template <typename Claim>
bool comes_true(Claim claim) {
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  while (!claim()) {
    if (steady_clock::now() > end) return false;
    std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

/// A desk's thread, and all it has published.
class DeskThreadTest : public testing::Test {
 protected:
  FakeLive* live_ = nullptr;
  std::size_t room_ = 4096;
  std::atomic<bool> is_playable_ = false;
  std::mutex mutex_;
  Json state_;
  Json session_;
  std::size_t patches_ = 0;
  std::vector<double> monitors_;
  std::unique_ptr<DeskThread> desk_;

  void SetUp() override {
    desk_ = std::make_unique<DeskThread>(
        [](const std::function<void()>&) { return std::make_unique<FakeDesk>(); },
        [this](const Session&) -> Result<std::unique_ptr<LiveDesk>> {
          auto live = std::make_unique<FakeLive>();
          live->room = room_;
          live_ = live.get();
          return live;
        },
        [this](const DeskNews& news) {
          const std::scoped_lock lock(mutex_);
          if (news.session) session_ = *news.session;
          if (news.patch) {
            merge_keeping_nulls(state_, *news.patch);
            ++patches_;
          }
          if (news.monitor) monitors_.push_back(*news.monitor);
          if (news.live) is_playable_ = true;
        });
    ASSERT_TRUE(comes_true([this] { return is_playable_.load(); }));
  }

  Result<void> carried_out(Json message) {
    std::promise<Result<void>> promise;
    auto outcome = promise.get_future();
    desk_->command(std::move(message), [&](Result<void> result) { promise.set_value(std::move(result)); });
    return outcome.get();
  }

  Json state() {
    const std::scoped_lock lock(mutex_);
    return state_;
  }

  void make_sound() {
    AudioBuffer buffer(2, 480);
    live_->process(buffer.view());
  }

  void saw() {
    LiveLook look;
    live_->look(look);
    desk_->saw_position(look.is_playing, look.position_s);
  }
};

TEST_F(DeskThreadTest, PublishesTheStateBeforeTheReply) {
  ASSERT_TRUE(carried_out({{"do", "gain"}, {"strip", "s0"}, {"db", -6.0}}));
  EXPECT_EQ(state()["strips"]["s0"]["fader_db"], -6.0);
}

TEST_F(DeskThreadTest, PublishesNothingThatHasNotChanged) {
  std::size_t before = 0;
  {
    const std::scoped_lock lock(mutex_);
    before = patches_;
  }
  ASSERT_TRUE(carried_out({{"do", "mute"}, {"strip", "s1"}, {"on", false}}));
  const std::scoped_lock lock(mutex_);
  EXPECT_EQ(patches_, before);
}

TEST_F(DeskThreadTest, TurnsTheStateIntoSound) {
  ASSERT_TRUE(carried_out({{"do", "gain"}, {"strip", "s0"}, {"db", -6.0}}));
  const auto log = live_->log();
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log[0].kind, LiveCommand::Kind::fader);
  EXPECT_DOUBLE_EQ(log[0].value, to_ratio({-6.0}));
}

TEST_F(DeskThreadTest, PlaysAndStopsWhereItBegan) {
  ASSERT_TRUE(carried_out({{"do", "seek"}, {"at_s", 2.0}}));
  ASSERT_TRUE(carried_out({{"do", "play"}}));
  EXPECT_EQ(state()["transport"], Json({{"playing", true}, {"position_s", 2.0}, {"loop", nullptr}}));
  for (int n = 0; n < 50; ++n) make_sound();
  ASSERT_TRUE(carried_out({{"do", "pause"}}));
  make_sound();
  ASSERT_TRUE(comes_true([this] {
    saw();
    return state()["transport"] == Json({{"playing", false}, {"position_s", 2.5}, {"loop", nullptr}});
  }));
  ASSERT_TRUE(carried_out({{"do", "stop"}}));
  EXPECT_EQ(state()["transport"], Json({{"playing", false}, {"position_s", 2.0}, {"loop", nullptr}}));
}

TEST_F(DeskThreadTest, DoesNotTakeWhatWasSeenBeforeForAnAnswer) {
  ASSERT_TRUE(carried_out({{"do", "play"}}));
  desk_->saw_position(false, 0.0);
  ASSERT_TRUE(carried_out({{"do", "mute"}, {"strip", "s1"}, {"on", true}}));
  EXPECT_EQ(state()["transport"]["playing"], true);
}

TEST_F(DeskThreadTest, SeesWhenTheSessionHasEnded) {
  ASSERT_TRUE(carried_out({{"do", "play"}}));
  ASSERT_TRUE(comes_true([this] {
    desk_->saw_position(false, FakeDesk::duration_s);
    return state()["transport"]["playing"] == false;
  }));
  EXPECT_EQ(state()["transport"]["position_s"], FakeDesk::duration_s);
  // Then playing begins anew.
  ASSERT_TRUE(carried_out({{"do", "play"}}));
  EXPECT_EQ(state()["transport"]["position_s"], 0.0);
}

TEST_F(DeskThreadTest, LoopsAndRefusesWhatIsNone) {
  ASSERT_TRUE(carried_out({{"do", "loop"}, {"from_s", 1.0}, {"to_s", 2.0}}));
  EXPECT_EQ(state()["transport"]["loop"], Json({{"from_s", 1.0}, {"to_s", 2.0}}));
  for (const Json& wrong : std::vector<Json>{{{"do", "loop"}, {"from_s", 2.0}, {"to_s", 1.0}},
                                             {{"do", "loop"}, {"from_s", 1.0}},
                                             {{"do", "loop"}, {"from_s", 1.0}, {"to_s", 99.0}},
                                             {{"do", "seek"}, {"at_s", -1.0}},
                                             {{"do", "seek"}, {"at_s", 1e300}},
                                             {{"do", "seek"}, {"at_s", "1"}},
                                             {{"do", "seek"}}}) {
    EXPECT_FALSE(carried_out(wrong)) << wrong;
  }
  ASSERT_TRUE(carried_out({{"do", "loop"}, {"from_s", nullptr}, {"to_s", nullptr}}));
  EXPECT_EQ(state()["transport"]["loop"], nullptr);
}

TEST_F(DeskThreadTest, SurvivesAMistakeInACommand) {
  EXPECT_FALSE(carried_out({{"do", "throw"}}));
  EXPECT_TRUE(carried_out({{"do", "mute"}, {"strip", "s0"}, {"on", true}}));
}

TEST_F(DeskThreadTest, ShowsClipsThatWereMet) {
  desk_->saw_clips({{}, {.over_db = 1.5f, .tap = LiveTap::insert_in, .at_s = 2.0}, {}});
  EXPECT_TRUE(comes_true([this] { return state()["strips"]["s1"]["clip"].is_object(); }));
}

TEST_F(DeskThreadTest, TakesCommandsFromManyThreads) {
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, t, &done] {
      for (int n = 0; n < 100; ++n) {
        desk_->command({{"do", "gain"}, {"strip", "s" + std::to_string(t % 3)}, {"db", -0.1 * n}},
                       [&](const Result<void>&) { ++done; });
        desk_->saw_position(n % 2 == 0, 0.01 * n);
        desk_->control({.kind = LiveCommand::Kind::watch});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(comes_true([&] { return done == 400; }));
}

TEST_F(DeskThreadTest, CarriesOutWhatWasAskedForBeforeTheEnd) {
  std::atomic<int> done = 0;
  for (int n = 0; n < 100; ++n) {
    desk_->command({{"do", "gain"}, {"strip", "s0"}, {"db", -0.1 * n}}, [&](const Result<void>&) { ++done; });
  }
  desk_.reset();
  EXPECT_EQ(done, 100);
}

class SmallQueue : public DeskThreadTest {
 protected:
  SmallQueue() { room_ = 2; }
};

TEST_F(SmallQueue, LosesNoCommandThatThePlayerHasNoRoomFor) {
  for (int n = 1; n <= 10; ++n) {
    ASSERT_TRUE(carried_out({{"do", "gain"}, {"strip", "s0"}, {"db", -1.0 * n}}));
  }
  EXPECT_EQ(live_->log().size(), 2u);
  EXPECT_TRUE(comes_true([this] {
    make_sound();
    return live_->log().size() == 10;
  }));
  EXPECT_DOUBLE_EQ(live_->log().back().value, to_ratio({-10.0}));
}

TEST(AudioPump, MakesBlocksInRealTimeAndInOrder) {
  FakeLive live;
  live.send({.kind = LiveCommand::Kind::play});
  std::vector<std::uint64_t> numbers;
  std::vector<float> heard;
  const auto begin = steady_clock::now();
  {
    AudioPump pump(live, {}, [] {});
    while (numbers.size() < 50) {
      pump.take([&](const AudioChunk& chunk) {
        numbers.push_back(chunk.number);
        for (std::size_t f = 0; f < chunk.samples.size() / 2; ++f) heard.push_back(chunk.samples[2 * f]);
      });
      std::this_thread::sleep_for(milliseconds(3));
    }
  }
  const double passed_s = std::chrono::duration<double>(steady_clock::now() - begin).count();
  EXPECT_GT(passed_s, 0.45);
  for (std::size_t n = 0; n < numbers.size(); ++n) ASSERT_EQ(numbers[n], n);
  for (std::size_t f = 0; f < heard.size(); ++f)
    ASSERT_EQ(heard[f], FakeLive::sample(static_cast<Frames>(f)));
}

TEST(AudioPump, IsAheadByTheLeadOfAPage) {
  FakeLive live;
  AudioPump pump(live, {}, [] {});
  pump.lead_begins(400.0);
  const auto begin = steady_clock::now();
  ASSERT_TRUE(comes_true([&] { return live.blocks() >= 40; }));
  EXPECT_LT(std::chrono::duration<double>(steady_clock::now() - begin).count(), 0.3);
}

TEST(AudioPump, GoesOnWhenNobodyTakesItsChunks) {
  FakeLive live;
  AudioPump pump(live, {.pace = 20.0}, [] {});
  ASSERT_TRUE(comes_true([&] { return live.blocks() >= 400; }));
  std::vector<std::uint64_t> numbers;
  ASSERT_TRUE(comes_true([&] {
    pump.take([&](const AudioChunk& chunk) { numbers.push_back(chunk.number); });
    return numbers.size() > 140;
  }));
  // The oldest that had room, then a gap for what was dropped.
  for (std::size_t n = 0; n < 128; ++n) ASSERT_EQ(numbers[n], n);
  EXPECT_GE(numbers[128], 400u);
}

TEST(AudioPump, WakesOnceForAllThatWaits) {
  FakeLive live;
  std::atomic<int> wakes = 0;
  AudioPump pump(live, {.pace = 10.0}, [&] { ++wakes; });
  ASSERT_TRUE(comes_true([&] { return live.blocks() >= 100; }));
  EXPECT_EQ(wakes, 1);
  pump.take([](const AudioChunk&) {});
  EXPECT_TRUE(comes_true([&] { return wakes == 2; }));
}

}  // namespace
}  // namespace gainstage::desk
