// SPDX-License-Identifier: MIT
#include "staging/audibility.h"

#include <gtest/gtest.h>

namespace gainstage {
namespace {

TrackMeasurements with_energy(std::size_t first_band, std::size_t last_band, float energy) {
  TrackMeasurements track;
  for (int frame = 0; frame < 20; ++frame) {
    ErbFrame bands{};
    for (std::size_t band = first_band; band <= last_band; ++band) {
      bands[band] = energy * (1.0f + 0.1f * static_cast<float>(frame % 3));
    }
    track.erb_frames.push_back(bands);
  }
  return track;
}

TEST(Audibility, OfATrackAloneIsFull) {
  const Audibility audibility({with_energy(5, 20, 1e-3f)}, {false}, {Db{}});
  EXPECT_DOUBLE_EQ(audibility.share(0), 1.0);
}

TEST(Audibility, OfATrackFarUnderAnotherInTheSameBandsIsNone) {
  const Audibility audibility({with_energy(5, 20, 1e-6f), with_energy(5, 20, 1e-2f)}, {false, false},
                              {Db{}, Db{}});
  EXPECT_DOUBLE_EQ(audibility.share(0), 0.0);
  EXPECT_GT(audibility.covered_by(0, Db{})[1], 0.0);
}

TEST(Audibility, HighTrackIsHeardBesideALoudLowOne) {
  const Audibility audibility({with_energy(30, 36, 1e-5f), with_energy(0, 4, 1e-1f)}, {false, false},
                              {Db{}, Db{}});
  EXPECT_GT(audibility.share(0), 0.9);
}

TEST(Audibility, DependsOnLevelDifferencesOnly) {
  const std::vector<TrackMeasurements> tracks{with_energy(8, 20, 3e-4f), with_energy(5, 14, 1e-3f)};
  const double share = Audibility(tracks, {false, false}, {Db{}, Db{2.0}}).share(0);
  EXPECT_NEAR(Audibility(tracks, {false, false}, {Db{-30.0}, Db{-28.0}}).share(0), share, 1e-9);
  EXPECT_GT(share, 0.0);
  EXPECT_LT(share, 1.0);
}

}  // namespace
}  // namespace gainstage
