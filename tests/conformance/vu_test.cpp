// SPDX-License-Identifier: MIT
// IEC 60268-17: the needle reaches 99 % of a steady tone's reading 300 ms (+-10 %) after it starts, and
// overshoots by 1 to 1.5 %.
#include "meters/level_meters.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/conformance/tone_sequence.h"

namespace gainstage::test {
namespace {

class Iec60268Vu : public testing::TestWithParam<double> {};

INSTANTIATE_TEST_SUITE_P(AtEveryRate, Iec60268Vu,
                         testing::Values(8000, 44100, 48000, 88200, 96000, 176400, 192000, 384000, 48017),
                         [](const auto& of) { return rate_name(of.param); });

TEST_P(Iec60268Vu, Ballistics) {
  const double rate = GetParam();
  LevelMeters meters;
  const VuMeter& meter = meters.vu();
  meters.prepare({rate, 2, 4096});
  const double steady = to_ratio({-18.0}) / std::numbers::sqrt2;
  double reached_s = 0.0;
  double greatest = 0.0;
  double last = 0.0;
  double time_s = 0.0;
  std::vector<float> samples(static_cast<std::size_t>(rate * 3.0));
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double turns = 997.0 * static_cast<double>(n) / rate;
    samples[n] = static_cast<float>(to_ratio({-18.0}) * std::sin(2.0 * std::numbers::pi * turns));
  }
  const std::array<const float*, 2> channels{samples.data(), samples.data()};
  const std::size_t step = static_cast<std::size_t>(rate / 1000.0);
  for (std::size_t first = 0; first + step <= samples.size(); first += step) {
    meters.process({channels, first, step});
    time_s += static_cast<double>(step) / rate;
    last = meter.needle();
    if (reached_s == 0.0 && last >= 0.99 * steady) reached_s = time_s;
    greatest = std::max(greatest, last);
  }
  EXPECT_NEAR(last, steady, 0.003 * steady);
  EXPECT_NEAR(reached_s, 0.300, 0.010);
  EXPECT_GE(greatest, 1.010 * steady);
  EXPECT_LE(greatest, 1.015 * steady);
  EXPECT_EQ(meter.greatest_needle(), greatest);
  EXPECT_NEAR(VuMeter::vu(last, {-18.0}).value, 0.0, 0.03);
}

}  // namespace
}  // namespace gainstage::test
