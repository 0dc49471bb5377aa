// SPDX-License-Identifier: MIT
// EBU Tech 3341 (2023), table 1, tests 1 to 6 and 9 to 14; 7 and 8 are recordings. Tolerance: 0.1 LU.
#include <gtest/gtest.h>

#include <vector>

#include "meters/loudness.h"
#include "tests/conformance/tone_sequence.h"

namespace gainstage::test {
namespace {

constexpr double tolerance_lu = 0.1;

class Tech3341 : public testing::TestWithParam<double> {
 protected:
  double rate() const { return GetParam(); }

  LoudnessMeter prepared(std::span<const double> weights = {}, std::size_t channels = 2) const {
    LoudnessMeter meter;
    meter.prepare({rate(), channels, 4096}, weights);
    return meter;
  }

  double integrated(const std::vector<Step>& steps) const {
    LoudnessMeter meter = prepared();
    play_stereo(meter, steps, rate());
    return meter.integrated().value;
  }
};

INSTANTIATE_TEST_SUITE_P(AtEveryRate, Tech3341, testing::ValuesIn(conformance_rates_hz),
                         [](const auto& of) { return rate_name(of.param); });

TEST_P(Tech3341, Tests1And2SteadyTone) {
  for (double level : {-23.0, -33.0}) {
    LoudnessMeter meter = prepared();
    play_stereo(meter, std::vector<Step>{{20.0, level}}, rate());
    EXPECT_NEAR(meter.momentary().value, level, tolerance_lu);
    EXPECT_NEAR(meter.short_term().value, level, tolerance_lu);
    EXPECT_NEAR(meter.integrated().value, level, tolerance_lu);
  }
}

TEST_P(Tech3341, Test3RelativeGate) {
  EXPECT_NEAR(integrated({{10, -36}, {60, -23}, {10, -36}}), -23.0, tolerance_lu);
}

TEST_P(Tech3341, Test4BothGates) {
  EXPECT_NEAR(integrated({{10, -72}, {10, -36}, {60, -23}, {10, -36}, {10, -72}}), -23.0, tolerance_lu);
}

TEST_P(Tech3341, Test5TwoLevelsInTheGate) {
  EXPECT_NEAR(integrated({{20, -26}, {20.1, -20}, {20, -26}}), -23.0, tolerance_lu);
}

TEST_P(Tech3341, Test6FiveChannels) {
  const std::array<double, 5> weights{front_weight, front_weight, front_weight, surround_weight,
                                      surround_weight};
  LoudnessMeter meter = prepared(weights, 5);
  const std::array<double, 5> gains{to_ratio({-28}), to_ratio({-28}), to_ratio({-24}), to_ratio({-30}),
                                    to_ratio({-30})};
  play(std::vector<Step>{{20, 0}}, rate(), 1000.0, gains,
       [&](AudioView<const float> block) { meter.process(block); });
  EXPECT_NEAR(meter.integrated().value, -23.0, tolerance_lu);
}

TEST_P(Tech3341, Test9ShortTermIsConstant) {
  std::vector<Step> steps;
  for (int i = 0; i < 5; ++i) steps.insert(steps.end(), {{1.34, -20}, {1.66, -30}});
  LoudnessMeter meter = prepared();
  double least = 0.0;
  double greatest = -100.0;
  Frames position = 0;
  play(steps, rate(), 1000.0, stereo, [&](AudioView<const float> block) {
    meter.process(block);
    position += static_cast<Frames>(block.frames);
    if (static_cast<double>(position) < 3.02 * rate()) return;
    least = std::min(least, meter.short_term().value);
    greatest = std::max(greatest, meter.short_term().value);
  });
  EXPECT_NEAR(least, -23.0, tolerance_lu);
  EXPECT_NEAR(greatest, -23.0, tolerance_lu);
}

TEST_P(Tech3341, Test10GreatestShortTermOfFiles) {
  for (int i = 0; i < 20; ++i) {
    LoudnessMeter meter = prepared();
    play_stereo(meter, std::vector<Step>{{i * 0.15}, {3.0, -23}, {1.0}}, rate());
    EXPECT_NEAR(meter.short_term_max().value, -23.0, tolerance_lu) << i;
  }
}

TEST_P(Tech3341, Test11GreatestShortTermLive) {
  LoudnessMeter meter = prepared();
  for (int i = 0; i < 20; ++i) {
    play_stereo(meter, std::vector<Step>{{i * 0.15}, {3.0, -38.0 + i}, {3.0 - i * 0.15}}, rate());
    EXPECT_NEAR(meter.short_term_max().value, -38.0 + i, tolerance_lu) << i;
  }
}

TEST_P(Tech3341, Test12MomentaryIsConstant) {
  std::vector<Step> steps;
  for (int i = 0; i < 25; ++i) steps.insert(steps.end(), {{0.18, -20}, {0.22, -30}});
  LoudnessMeter meter = prepared();
  double least = 0.0;
  double greatest = -100.0;
  Frames position = 0;
  play(steps, rate(), 1000.0, stereo, [&](AudioView<const float> block) {
    meter.process(block);
    position += static_cast<Frames>(block.frames);
    if (static_cast<double>(position) < rate()) return;
    least = std::min(least, meter.momentary().value);
    greatest = std::max(greatest, meter.momentary().value);
  });
  EXPECT_NEAR(least, -23.0, tolerance_lu);
  EXPECT_NEAR(greatest, -23.0, tolerance_lu);
}

TEST_P(Tech3341, Test13GreatestMomentaryOfFiles) {
  for (int i = 0; i < 20; ++i) {
    LoudnessMeter meter = prepared();
    play_stereo(meter, std::vector<Step>{{i * 0.02}, {0.4, -23}, {1.0}}, rate());
    EXPECT_NEAR(meter.momentary_max().value, -23.0, tolerance_lu) << i;
  }
}

TEST_P(Tech3341, Test14GreatestMomentaryLive) {
  LoudnessMeter meter = prepared();
  for (int i = 0; i < 20; ++i) {
    play_stereo(meter, std::vector<Step>{{i * 0.02}, {0.4, -38.0 + i}, {0.4 - i * 0.02}}, rate());
    EXPECT_NEAR(meter.momentary_max().value, -38.0 + i, tolerance_lu) << i;
  }
}

}  // namespace
}  // namespace gainstage::test
