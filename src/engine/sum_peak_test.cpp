// SPDX-License-Identifier: MIT
#include "engine/sum_peak.h"

#include <gtest/gtest.h>

#include <numeric>

#include "engine/engine.h"
#include "engine/measure_build.h"
#include "engine/test_session.h"

namespace gainstage {
namespace {

using namespace test;

std::vector<std::size_t> all_tracks(const Session& session) {
  std::vector<std::size_t> tracks(session.tracks.size());
  std::iota(tracks.begin(), tracks.end(), std::size_t{0});
  return tracks;
}

void expect_peak_of_the_sum(const Session& session, const std::vector<Db>& gains) {
  const std::vector<std::size_t> tracks = all_tracks(session);
  const auto measured = measure_session(session, {});
  ASSERT_TRUE(measured) << measured.error().sentence;
  const auto peak = sum_peak(session, *measured, gains, tracks);
  ASSERT_TRUE(peak) << peak.error().sentence;
  const auto build = measure_build(session, {tracks}, gains, {});
  ASSERT_TRUE(build) << build.error().sentence;
  EXPECT_EQ(peak->peak.value, build->front().sample_peak.value);
  EXPECT_LE(peak->summed_tenths, peak->tenths);
}

TEST(SumPeak, IsThatOfTheWholeSum) {
  for (const double rate_hz : {48000.0, 44100.0, 11025.0}) {
    TestSession stems(rate_hz);
    stems.add("a.wav", phrases(0.4, 0.7), 3.0, 2, rate_hz);
    stems.add("b.wav", hiss(0.3), 2.27, 1, rate_hz);
    stems.add("c.wav", tone(82.4, 0.5), 3.33, 2, rate_hz);
    expect_peak_of_the_sum(stems.session(), {{0.0}, {-3.0}, {-1.5}});
    expect_peak_of_the_sum(stems.session(), {{-20.0}, silent_db, {6.0}});
  }
}

TEST(SumPeak, OfAPeakAfterTheLastTenthIsFound) {
  TestSession stems;
  AudioBuffer late = render(hiss(0.01), 48000.0, 2, 1.05, 3);
  late.view().channel(1)[50399] = -0.75f;
  stems.add("late.wav", late, 48000.0);
  stems.add("other.wav", hiss(0.02), 2.0);
  expect_peak_of_the_sum(stems.session(), {{0.0}, {0.0}});
}

TEST(SumPeak, LooksNoFurtherThanTheBoundAsks) {
  TestSession stems;
  AudioBuffer kick = render(hiss(0.05), 48000.0, 2, 20.0, 3);
  for (std::size_t i = 0; i < 100; ++i) kick.view().channel(0)[600000 + i] = 0.9f;
  stems.add("kick.wav", kick, 48000.0);
  stems.add("bass.wav", hiss(0.1), 20.0);
  const auto measured = measure_session(stems.session(), {});
  ASSERT_TRUE(measured);
  const auto peak = sum_peak(stems.session(), *measured, stems.gains(), all_tracks(stems.session()));
  ASSERT_TRUE(peak);
  EXPECT_EQ(peak->tenths, 200u);
  EXPECT_EQ(peak->summed_tenths, 1u);
}

TEST(SumPeak, NeedsTheSessionsRate) {
  TestSession stems;
  stems.add("same.wav", hiss(0.1), 1.0);
  stems.add("other.wav", hiss(0.1), 1.0, 2, 44100.0);
  EXPECT_TRUE(can_bound_peak(stems.session(), std::vector<std::size_t>{0}));
  EXPECT_FALSE(can_bound_peak(stems.session(), std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace gainstage
