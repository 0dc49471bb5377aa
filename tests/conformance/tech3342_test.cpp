// SPDX-License-Identifier: MIT
// EBU Tech 3342 (2023), table 1, tests 1 to 4; 5 and 6 are recordings. Tolerance: 1 LU.
#include <gtest/gtest.h>

#include <vector>

#include "meters/loudness.h"
#include "tests/conformance/tone_sequence.h"

namespace gainstage::test {
namespace {

class Tech3342 : public testing::TestWithParam<double> {
 protected:
  double range_of(std::initializer_list<double> levels) const {
    std::vector<Step> steps;
    for (double level : levels) steps.push_back({20.0, level});
    LoudnessMeter meter;
    meter.prepare({GetParam(), 2, 4096});
    play_stereo(meter, steps, GetParam());
    return meter.loudness_range().value;
  }
};

INSTANTIATE_TEST_SUITE_P(AtEveryRate, Tech3342, testing::ValuesIn(conformance_rates_hz),
                         [](const auto& of) { return rate_name(of.param); });

TEST_P(Tech3342, Test1) { EXPECT_NEAR(range_of({-20, -30}), 10.0, 1.0); }
TEST_P(Tech3342, Test2) { EXPECT_NEAR(range_of({-20, -15}), 5.0, 1.0); }
TEST_P(Tech3342, Test3) { EXPECT_NEAR(range_of({-40, -20}), 20.0, 1.0); }
TEST_P(Tech3342, Test4) { EXPECT_NEAR(range_of({-50, -35, -20, -35, -50}), 15.0, 1.0); }

}  // namespace
}  // namespace gainstage::test
