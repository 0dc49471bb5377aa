// SPDX-License-Identifier: MIT
#include "session_format/dawproject/tempo_map.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gainstage::dawproject {
namespace {

// Of a tempo by the time of its unit.
double bpm_at(const std::vector<TempoPoint>& points, double time) {
  if (time < points.front().time) return points.front().bpm;
  std::size_t i = 0;
  while (i + 1 < points.size() && points[i + 1].time <= time) ++i;
  if (i + 1 == points.size() || !points[i].is_ramp) return points[i].bpm;
  const double part = (time - points[i].time) / (points[i + 1].time - points[i].time);
  return points[i].bpm + part * (points[i + 1].bpm - points[i].bpm);
}

const std::vector<TempoPoint> moving{{0.0, 120.0, false}, {4.0, 60.0, true},  {12.0, 180.0, true},
                                     {12.0, 90.0, false}, {16.0, 90.0, true}, {20.0, 90.0, false}};

TEST(TempoMap, CountsSixtySecondsToTheMinute) {
  const TempoMap map(110.0);
  EXPECT_NEAR(map.seconds(11.0), 6.0, 1e-12);
  EXPECT_NEAR(map.beats(-6.0), -11.0, 1e-12);
}

TEST(TempoMap, IntegratesATempoOverBeats) {
  const TempoMap map = *TempoMap::read(moving, TimeUnit::beats);
  double seconds = 0.0;
  constexpr double step = 1e-4;
  for (int i = 0; i < 240'000; ++i) {
    if (i % 5'000 == 0) {
      ASSERT_NEAR(map.seconds(i * step), seconds, 1e-6) << i * step;
    }
    seconds += 60.0 / bpm_at(moving, (i + 0.5) * step) * step;
  }
}

TEST(TempoMap, IntegratesATempoOverSeconds) {
  const TempoMap map = *TempoMap::read(moving, TimeUnit::seconds);
  double beats = 0.0;
  constexpr double step = 1e-4;
  for (int i = 0; i < 240'000; ++i) {
    if (i % 5'000 == 0) {
      ASSERT_NEAR(map.beats(i * step), beats, 1e-6) << i * step;
    }
    beats += bpm_at(moving, (i + 0.5) * step) / 60.0 * step;
  }
}

TEST(TempoMap, GoesThereAndBack) {
  for (const TimeUnit unit : {TimeUnit::beats, TimeUnit::seconds}) {
    const TempoMap map = *TempoMap::read(moving, unit);
    for (double beats = -3.0; beats < 40.0; beats += 0.37)
      EXPECT_NEAR(map.beats(map.seconds(beats)), beats, 1e-9);
  }
}

TEST(TempoMap, RefusesWhatIsNoTempo) {
  for (const double bpm : {0.0, -120.0, std::nan(""), HUGE_VAL, 1e9}) {
    EXPECT_FALSE(TempoMap::read(std::vector<TempoPoint>{{0.0, bpm, false}}, TimeUnit::beats)) << bpm;
  }
}

}  // namespace
}  // namespace gainstage::dawproject
