// SPDX-License-Identifier: MIT
#include "balance/scramble.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace gainstage::bench {
namespace {

Balance two_tracks_and_a_silent_one() {
  Balance staged;
  staged.tracks.resize(3);
  staged.tracks[1].is_silent = true;
  return staged;
}

TEST(Scramble, GainsAreWithinTwelveDecibelsAndTheSameForASeed) {
  const std::vector<Db> gains = random_gains(200, 3);
  double least = 0.0;
  double greatest = 0.0;
  for (const Db gain : gains) {
    least = std::min(least, gain.value);
    greatest = std::max(greatest, gain.value);
  }
  EXPECT_GE(least, -12.0);
  EXPECT_LT(least, -10.0);
  EXPECT_LE(greatest, 12.0);
  EXPECT_GT(greatest, 10.0);
  EXPECT_EQ(gains, random_gains(200, 3));
  EXPECT_NE(gains, random_gains(200, 4));
}

TEST(Errors, AreZeroForTheInverseOfTheScrambleAtAnyLevel) {
  const std::vector<Db> scramble = {{3.0}, {-7.0}, {-11.0}};
  const std::vector<Db> gains = {{-3.0 + 20.0}, {99.0}, {11.0 + 20.0}};
  const std::vector<double> off = errors(scramble, gains, two_tracks_and_a_silent_one());
  EXPECT_NEAR(off[0], 0.0, 1e-12);
  EXPECT_TRUE(std::isnan(off[1]));
  EXPECT_NEAR(off[2], 0.0, 1e-12);
}

TEST(Errors, HaveTheSignOfTheTrackThatIsTooLoud) {
  const std::vector<Db> scramble = {{0.0}, {0.0}, {0.0}};
  const std::vector<Db> gains = {{4.0}, {0.0}, {0.0}};
  const std::vector<double> off = errors(scramble, gains, two_tracks_and_a_silent_one());
  EXPECT_DOUBLE_EQ(off[0], 2.0);
  EXPECT_DOUBLE_EQ(off[2], -2.0);
}

TEST(Score, LeavesSilentTracksOut) {
  const std::vector<double> off = {3.0, std::nan(""), -1.0, -2.0};
  const Score figures = score(off);
  EXPECT_DOUBLE_EQ(figures.mean_absolute_db, 2.0);
  EXPECT_DOUBLE_EQ(figures.root_mean_square_db, std::sqrt(14.0 / 3.0));
  EXPECT_DOUBLE_EQ(figures.percentile_90_db, 3.0);
}

Measurements noise_like(std::size_t tracks) {
  Measurements measurements;
  for (std::size_t i = 0; i < tracks; ++i) {
    TrackMeasurements track;
    for (int hop = 0; hop < 100; ++hop) {
      const double energy = 1e-3 * (1.0 + 0.5 * std::sin(0.7 * hop + static_cast<double>(i)));
      track.hop_energies.push_back(energy);
      track.hop_peaks.push_back(static_cast<float>(4.0 * std::sqrt(energy)));
    }
    track.clip.sample_peak = Db{-18.0};
    track.clip.rms = Db{-30.0};
    track.clip.activity_percent = 50.0;
    measurements.tracks.push_back(std::move(track));
  }
  measurements.covariance.assign(tracks * tracks, 2e-4);
  return measurements;
}

TEST(Scaled, MovesLevelsEnergiesAndCovarianceTogether) {
  const Measurements before = noise_like(2);
  const Measurements after = scaled(before, std::vector<Db>{{6.0}, {-4.0}});
  EXPECT_DOUBLE_EQ(after.tracks[0].clip.sample_peak.value, -12.0);
  EXPECT_DOUBLE_EQ(after.tracks[1].hop_energies[5], before.tracks[1].hop_energies[5] * std::pow(10.0, -0.4));
  EXPECT_FLOAT_EQ(after.tracks[0].hop_peaks[5],
                  before.tracks[0].hop_peaks[5] * static_cast<float>(std::pow(10.0, 0.3)));
  EXPECT_NEAR(after.covariance_of(0, 1), 2e-4 * std::pow(10.0, 0.1), 1e-15);
  EXPECT_NEAR(after.covariance_of(1, 1), 2e-4 * std::pow(10.0, -0.4), 1e-15);
}

TEST(GainsOf, EqualLoudnessAndEqualRmsUndoAScramble) {
  const Measurements before = noise_like(3);
  const std::vector<Db> scramble = {{9.0}, {-3.0}, {-8.0}};
  const Measurements after = scaled(before, scramble);
  Balance staged;
  staged.tracks.resize(3);
  for (const Method method : {Method::equal_loudness, Method::equal_rms}) {
    const std::vector<Db> unscrambled = gains_of(method, before, staged);
    const std::vector<Db> gains = gains_of(method, after, staged);
    for (std::size_t i = 0; i < gains.size(); ++i) {
      EXPECT_NEAR((gains[i] + scramble[i]).value, unscrambled[i].value, 1e-9)
          << to_string(method) << ' ' << i;
    }
  }
}

}  // namespace
}  // namespace gainstage::bench
