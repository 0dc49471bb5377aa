// SPDX-License-Identifier: MIT
// IEC 60268-10: what 5 kHz bursts read against the steady tone, and how fast the reading returns.
#include "meters/ppm.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/conformance/tone_sequence.h"

namespace gainstage::test {
namespace {

struct Burst {
  double milliseconds;
  double reading_db;
  double tolerance_db;
};

class Iec60268Ppm : public testing::TestWithParam<double> {
 protected:
  static constexpr double tone_hz = 5000.0;

  double rate() const { return GetParam(); }

  /// Greatest reading of a burst of full-scale tone.
  double greatest(PpmType type, double seconds) const {
    PpmMeter meter(type);
    meter.prepare({rate(), 2, 4096});
    play_stereo(meter, std::vector<Step>{{seconds, 0.0}, {0.01}}, rate(), tone_hz);
    return meter.level_max(0).value;
  }

  void expect_bursts(PpmType type, const std::vector<Burst>& bursts) const {
    const double steady = greatest(type, 2.0);
    EXPECT_NEAR(steady, 0.0, 0.05);
    for (const Burst& burst : bursts) {
      EXPECT_NEAR(greatest(type, burst.milliseconds / 1000.0) - steady, burst.reading_db, burst.tolerance_db)
          << burst.milliseconds << " ms";
    }
  }

  /// Seconds until the reading of a tone that ends has fallen by `fall_db`.
  double return_seconds(PpmType type, double fall_db) const {
    PpmMeter meter(type);
    meter.prepare({rate(), 2, 4096});
    play_stereo(meter, std::vector<Step>{{1.0, 0.0}}, rate(), tone_hz);
    const double start = meter.level(0).value;
    double seconds = 0.0;
    while (meter.level(0).value > start - fall_db) {
      play_stereo(meter, std::vector<Step>{{0.01}}, rate());
      seconds += 0.01;
    }
    return seconds;
  }
};

INSTANTIATE_TEST_SUITE_P(AtEveryRate, Iec60268Ppm, testing::ValuesIn(conformance_rates_hz),
                         [](const auto& of) { return rate_name(of.param); });

TEST_P(Iec60268Ppm, TypeOneBursts) {
  expect_bursts(PpmType::i, {{100, 0, 0.5}, {10, -1, 0.5}, {5, -2, 0.75}, {3, -4, 1.0}, {0.4, -15, 2.0}});
}

TEST_P(Iec60268Ppm, TypeTwoBursts) {
  expect_bursts(PpmType::ii, {{100, 0, 0.5}, {10, -2, 0.5}, {5, -4, 0.75}, {1.5, -9, 1.0}, {0.5, -17, 2.0}});
}

TEST_P(Iec60268Ppm, TypeOneReturnsTwentyDecibelsIn1700Milliseconds) {
  EXPECT_NEAR(return_seconds(PpmType::i, 20.0), 1.7, 0.05);
}

TEST_P(Iec60268Ppm, TypeTwoReturnsTwentyFourDecibelsIn2800Milliseconds) {
  EXPECT_NEAR(return_seconds(PpmType::ii, 24.0), 2.8, 0.05);
}

}  // namespace
}  // namespace gainstage::test
