// SPDX-License-Identifier: MIT
#include "staging/activity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace gainstage {
namespace {

TrackMeasurements track_with(std::vector<double> hops) {
  TrackMeasurements track;
  track.hop_energies = std::move(hops);
  track.clip.sample_peak = Db{-6.0};
  track.clip.rms = Db{-20.0};
  return track;
}

std::vector<double> steps(std::initializer_list<std::pair<double, std::size_t>> lufs_and_hops) {
  std::vector<double> hops;
  for (auto [lufs, count] : lufs_and_hops) hops.insert(hops.end(), count, to_weighted_mean_square({lufs}));
  return hops;
}

TEST(Sounding, LeavesTheRestsOut) {
  const auto hops = steps({{-20.0, 100}, {-90.0, 900}});
  const auto sounds = sounding_hops(hops);
  EXPECT_NEAR(static_cast<double>(std::count(sounds.begin(), sounds.end(), true)), 100.0, 4.0);
}

TEST(Sounding, ClosesLaterThanItOpens) {
  const auto sounds = sounding_blocks(steps({{-43.0, 50}, {-20.0, 50}, {-43.0, 50}, {-50.0, 50}}));
  EXPECT_FALSE(sounds[20]);
  EXPECT_TRUE(sounds[120]);
  EXPECT_FALSE(sounds[180]);
}

TEST(Sounding, DoesNotDependOnTheTracksLevel) {
  auto hops = steps({{-20.0, 40}, {-41.0, 40}, {-45.0, 40}, {-90.0, 100}});
  const auto before = sounding_blocks(hops);
  for (double& e : hops) e *= 1e-9;
  EXPECT_EQ(sounding_blocks(hops), before);
}

TEST(LoudnessWhileSounding, FallsBackByHowLongItSounds) {
  EXPECT_EQ(loudness_while_sounding(track_with(steps({{-20.0, 100}}))).detector,
            SoundingDetector::integrated);
  EXPECT_EQ(loudness_while_sounding(track_with(steps({{-20.0, 20}, {-99.0, 100}}))).detector,
            SoundingDetector::short_term);
  EXPECT_EQ(loudness_while_sounding(track_with(steps({{-20.0, 6}, {-99.0, 100}}))).detector,
            SoundingDetector::momentary);
  EXPECT_EQ(loudness_while_sounding(track_with(steps({{-20.0, 1}}))).detector, SoundingDetector::rms);
  EXPECT_EQ(loudness_while_sounding(track_with({})).detector, SoundingDetector::rms);
}

TEST(LoudnessWhileSounding, OfAHitInSilenceIsFinite) {
  EXPECT_NEAR(loudness_while_sounding(track_with(steps({{-20.0, 6}, {-99.0, 100}}))).loudness.value, -20.0,
              1e-9);
  EXPECT_NEAR(loudness_while_sounding(track_with({})).loudness.value, -20.0, 1e-9);
}

TEST(IsSilent, UnderMinusEightyLufs) {
  EXPECT_TRUE(is_silent(track_with(steps({{-80.5, 100}}))));
  EXPECT_FALSE(is_silent(track_with(steps({{-79.5, 100}}))));
}

}  // namespace
}  // namespace gainstage
