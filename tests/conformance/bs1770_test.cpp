// SPDX-License-Identifier: MIT
// ITU-R BS.1770-5: filter, channels and gates, after the list of BS.2217 but with signals by formula.
// Tolerance: 0.1.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <utility>
#include <vector>

#include "dsp/k_weighting.h"
#include "meters/loudness.h"
#include "tests/conformance/tone_sequence.h"

namespace gainstage::test {
namespace {

constexpr double tolerance_lu = 0.1;

class Bs1770 : public testing::TestWithParam<double> {
 protected:
  double rate() const { return GetParam(); }

  double integrated(const std::vector<Step>& steps, double tone_hz, std::span<const double> gains,
                    std::span<const double> weights = {}) const {
    LoudnessMeter meter;
    meter.prepare({rate(), gains.size(), 4096}, weights);
    play(steps, rate(), tone_hz, gains, [&](AudioView<const float> block) { meter.process(block); });
    return meter.integrated().value;
  }
};

INSTANTIATE_TEST_SUITE_P(AtEveryRate, Bs1770, testing::ValuesIn(conformance_rates_hz),
                         [](const auto& of) { return rate_name(of.param); });

double gain_db(const BiquadCoefficients& f, double hz, double rate_hz) {
  const std::complex<double> z = std::polar(1.0, -2.0 * std::numbers::pi * hz / rate_hz);
  return to_db(std::abs((f.b0 + f.b1 * z + f.b2 * z * z) / (1.0 + f.a1 * z + f.a2 * z * z))).value;
}

TEST(KWeighting, IsTheStandardsTableAt48kHz) {
  const KWeightingCoefficients k = k_weighting(48000.0);
  // BS.1770-5, tables 1 and 2.
  EXPECT_NEAR(k.shelf.b0, 1.53512485958697, 1e-12);
  EXPECT_NEAR(k.shelf.b1, -2.69169618940638, 1e-12);
  EXPECT_NEAR(k.shelf.b2, 1.19839281085285, 1e-12);
  EXPECT_NEAR(k.shelf.a1, -1.69065929318241, 1e-12);
  EXPECT_NEAR(k.shelf.a2, 0.73248077421585, 1e-12);
  EXPECT_NEAR(k.high_pass.b0, 1.0, 1e-11);
  EXPECT_NEAR(k.high_pass.b1, -2.0, 1e-11);
  EXPECT_NEAR(k.high_pass.b2, 1.0, 1e-11);
  EXPECT_NEAR(k.high_pass.a1, -1.99004745483398, 1e-12);
  EXPECT_NEAR(k.high_pass.a2, 0.99007225036621, 1e-12);
}

TEST_P(Bs1770, TheWeightingIsTheSameAtEveryRate) {
  const KWeightingCoefficients here = k_weighting(rate());
  const KWeightingCoefficients there = k_weighting(48000.0);
  for (double hz : {20.0, 38.0, 100.0, 500.0, 1000.0, 2000.0, 5000.0}) {
    EXPECT_NEAR(gain_db(here.high_pass, hz, rate()), gain_db(there.high_pass, hz, 48000.0), 1e-3) << hz;
    EXPECT_NEAR(gain_db(here.shelf, hz, rate()), gain_db(there.shelf, hz, 48000.0), 0.05) << hz;
  }
}

TEST_P(Bs1770, EveryFrequencyReadsItsWeight) {
  // Peak levels of a stereo sine that reads -23 LUFS by the standard's table of coefficients.
  const std::vector<std::pair<double, double>> levels{{25, -11.916},   {100, -21.176},  {500, -22.351},
                                                      {1000, -23.007}, {2000, -25.380}, {10000, -26.351}};
  for (auto [hz, peak] : levels) {
    EXPECT_NEAR(integrated({{5.0, peak}}, hz, stereo), -23.0, tolerance_lu) << hz;
    EXPECT_NEAR(integrated({{5.0, peak - 1.0}}, hz, stereo), -24.0, tolerance_lu) << hz;
  }
}

TEST_P(Bs1770, EachChannelHasItsWeight) {
  const std::array<double, 6> weights{front_weight, front_weight,    front_weight,
                                      lfe_weight,   surround_weight, surround_weight};
  // "A 0 dB FS, 997 Hz sine in the left, centre or right channel reads -3.01 LKFS."
  const std::array<double, 6> expected{
      -3.01, -3.01, -3.01, -std::numeric_limits<double>::infinity(), -3.01 + 1.49, -3.01 + 1.49};
  for (std::size_t c = 0; c < 6; ++c) {
    std::array<double, 6> gains{};
    gains[c] = 1.0;
    const double loudness = integrated({{3.0, 0.0}}, 997.0, gains, weights);
    if (std::isinf(expected[c])) {
      EXPECT_EQ(loudness, expected[c]);
    } else {
      EXPECT_NEAR(loudness, expected[c], 0.02) << c;
    }
  }
}

TEST_P(Bs1770, ChannelsAddUpAsEnergies) {
  const std::array<double, 6> weights{front_weight, front_weight,    front_weight,
                                      lfe_weight,   surround_weight, surround_weight};
  const std::array<double, 6> gains{1, 1, 1, 1, 1, 1};
  // Three at weight 1, two at 1.41: 10 log10(5.82) over one of them.
  EXPECT_NEAR(integrated({{3.0, -24.0}}, 997.0, gains, weights), -24.0 - 3.01 + 7.65, tolerance_lu);
}

TEST_P(Bs1770, TheAbsoluteGateIsAtMinus70) {
  // Peaks of a stereo 1 kHz sine that reads -69.5 and -70.5.
  EXPECT_NEAR(integrated({{10.0, -69.507}, {10.0, -70.507}}, 1000.0, stereo), -69.5, tolerance_lu);
  EXPECT_EQ(integrated({{10.0, -70.507}}, 1000.0, stereo), -std::numeric_limits<double>::infinity());
}

TEST_P(Bs1770, TheRelativeGateIsTenUnderTheMean) {
  // The mean of all blocks is -12.9: what reads -22 stays in, what reads -24 does not.
  const double in = integrated({{20.0, -10.0}, {20.0, -22.0}}, 1000.0, stereo);
  const double out = integrated({{20.0, -10.0}, {20.0, -24.0}}, 1000.0, stereo);
  EXPECT_NEAR(in, -10.0 + 10.0 * std::log10(0.5 * (1.0 + std::pow(10.0, -1.2))), tolerance_lu);
  EXPECT_NEAR(out, -10.0, tolerance_lu);
}

TEST_P(Bs1770, AnIncompleteBlockIsDropped) {
  EXPECT_EQ(integrated({{0.399, -10.0}}, 1000.0, stereo), -std::numeric_limits<double>::infinity());
  EXPECT_NEAR(integrated({{0.401, -10.0}}, 1000.0, stereo), -10.0, tolerance_lu);
  EXPECT_NEAR(integrated({{5.0, -10.0}, {0.09, 20.0}}, 1000.0, stereo), -10.0, tolerance_lu);
}

}  // namespace
}  // namespace gainstage::test
