// SPDX-License-Identifier: MIT
#include "desk/server/pacer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace gainstage::desk {
namespace {

using std::chrono::duration;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr double rate_hz = 48000.0;
constexpr double block = 480.0;

Pacer::Time at(double seconds) {
  return Pacer::Time(std::chrono::duration_cast<Pacer::Time::duration>(duration<double>(seconds)));
}

TEST(Pacer, MakesRealTimeHoweverOftenItIsAsked) {
  std::mt19937 chance(1);
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  std::size_t blocks = 0;
  double now_s = 0.0;
  while (now_s < 100.0) {
    now_s += 1e-6 * static_cast<double>(chance() % 30'000);
    blocks += pacer.due(at(now_s));
  }
  EXPECT_NEAR(static_cast<double>(blocks), now_s * 100.0, 1.0);
}

TEST(Pacer, SaysWhenTheNextIsDue) {
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  EXPECT_EQ(pacer.due(pacer.next() - microseconds(10)), 0u);
  EXPECT_EQ(pacer.due(pacer.next()), 1u);
}

TEST(Pacer, IsFasterByItsFactor) {
  Pacer pacer(rate_hz, block, 20.0);
  pacer.start(at(0.0));
  std::size_t blocks = 0;
  for (int ms = 1; ms <= 1000; ++ms) blocks += pacer.due(at(ms / 1000.0));
  EXPECT_NEAR(static_cast<double>(blocks), 2000.0, 1.0);
}

TEST(Pacer, CatchesUpAfterAStallByASecondAtMost) {
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  EXPECT_EQ(pacer.due(at(0.3)), 30u);
  EXPECT_EQ(pacer.due(at(1000.0)), 100u);
}

TEST(Pacer, FillsTheBufferOfALeaderAtOnce) {
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  pacer.lead_begins(60.0, at(0.0));
  EXPECT_EQ(pacer.due(at(0.0)), 6u);
}

TEST(Pacer, TrimsByHalfAPercentAtMost) {
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  pacer.lead_begins(60.0, at(0.0));
  pacer.heard(40.0, at(1.0));
  EXPECT_DOUBLE_EQ(pacer.trim(), 0.005);
  pacer.heard(130.0, at(1.1));
  EXPECT_DOUBLE_EQ(pacer.trim(), -0.005);
  pacer.heard(60.0, at(1.2));
  EXPECT_DOUBLE_EQ(pacer.trim(), 0.0);
}

/// A page whose sound card runs `fast` times as fast as the server's clock. Returns the fill over the last
/// half in ms.
struct Fill {
  double least = 1e9;
  double greatest = 0.0;
  double underruns_s = 0.0;
};
Fill played_by(double fast, double lead_ms, double stall_s = 0.0) {
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  pacer.lead_begins(lead_ms, at(0.0));
  double buffered = 0.0;
  Fill fill;
  for (int step = 0; step < 240'000; ++step) {  // 120 s in steps of half a millisecond
    const double now_s = step * 0.0005;
    const bool is_stalled = stall_s > 0.0 && now_s > 20.0 && now_s < 20.0 + stall_s;
    if (!is_stalled) buffered += block * static_cast<double>(pacer.due(at(now_s)));
    const double wanted = rate_hz * fast * 0.0005;
    if (buffered < wanted && now_s > 1.0) fill.underruns_s += 0.0005;
    buffered = std::max(0.0, buffered - wanted);
    const double fill_ms = buffered / rate_hz * 1000.0;
    if (step % 500 == 0) pacer.heard(fill_ms, at(now_s));
    if (now_s > 60.0) {
      fill.least = std::min(fill.least, fill_ms);
      fill.greatest = std::max(fill.greatest, fill_ms);
    }
  }
  return fill;
}

TEST(Pacer, HoldsTheLeadWhateverTheSoundCardsClock) {
  for (const double fast : {0.9985, 0.9999, 1.0, 1.0001, 1.0015}) {
    const Fill fill = played_by(fast, 60.0);
    EXPECT_EQ(fill.underruns_s, 0.0) << fast;
    EXPECT_GT(fill.least, 40.0) << fast;
    EXPECT_LT(fill.greatest, 80.0) << fast;
  }
}

TEST(Pacer, HasTheLeadAgainAfterAStall) {
  for (const double stall_s : {0.05, 0.5, 5.0}) {
    const Fill fill = played_by(1.0, 60.0, stall_s);
    EXPECT_GT(fill.least, 40.0) << stall_s;
    EXPECT_LT(fill.greatest, 80.0) << stall_s;
    EXPECT_LT(fill.underruns_s, stall_s + 0.02) << stall_s;
  }
}

TEST(Pacer, LetsNoReportStopTheSoundForOthers) {
  Pacer pacer(rate_hz, block);
  pacer.start(at(0.0));
  pacer.lead_begins(60.0, at(0.0));
  std::size_t blocks = 0;
  for (int ms = 1; ms <= 10'000; ++ms) {
    pacer.heard(1e6, at(ms / 1000.0));
    blocks += pacer.due(at(ms / 1000.0));
  }
  EXPECT_GT(blocks, 450u);
}

}  // namespace
}  // namespace gainstage::desk
