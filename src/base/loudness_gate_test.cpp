// SPDX-License-Identifier: MIT
#include "base/loudness_gate.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace gainstage {
namespace {

std::vector<double> hops_at(std::initializer_list<std::pair<double, std::size_t>> lufs_and_hops) {
  std::vector<double> hops;
  for (auto [lufs, count] : lufs_and_hops) hops.insert(hops.end(), count, to_weighted_mean_square({lufs}));
  return hops;
}

TEST(IntegratedLoudness, OfASteadySignalIsItsLevel) {
  EXPECT_NEAR(integrated_loudness(hops_at({{-23.0, 100}})).value, -23.0, 1e-12);
}

TEST(IntegratedLoudness, IsMinusInfinityWhenShorterThanOneBlock) {
  EXPECT_TRUE(std::isinf(integrated_loudness(hops_at({{-23.0, 3}})).value));
}

TEST(IntegratedLoudness, LeavesOutWhatIsTenUnderTheMean) {
  const double with_quiet = integrated_loudness(hops_at({{-23.0, 600}, {-36.0, 600}})).value;
  EXPECT_NEAR(with_quiet, -23.0, 0.02);  // Only the three blocks that straddle the step pull it down.
}

TEST(IntegratedLoudness, AtAGainMovesTheAbsoluteGateToo) {
  const std::vector<double> hops = hops_at({{-75.0, 50}});
  EXPECT_TRUE(std::isinf(integrated_loudness(hops).value));
  EXPECT_NEAR(integrated_loudness(hops, Db{20.0}).value, -55.0, 1e-12);
}

TEST(LoudnessRange, OfTwoTonesIsTheirDifference) {
  EXPECT_NEAR(loudness_range(hops_at({{-30.0, 200}, {-20.0, 200}})).value, 10.0, 1e-9);
}

TEST(LoudnessRange, OfNothingIsZero) { EXPECT_EQ(loudness_range({}).value, 0.0); }

}  // namespace
}  // namespace gainstage
