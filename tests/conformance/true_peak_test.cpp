// SPDX-License-Identifier: MIT
// EBU Tech 3341 (2023), table 1, tests 15 to 23. Tolerance: +0.2 and -0.4 dB.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "dsp/window.h"
#include "meters/true_peak.h"
#include "tests/conformance/tone_sequence.h"

namespace gainstage::test {
namespace {

constexpr double over_db = 0.2;
constexpr double under_db = 0.4;

double true_peak_dbtp(std::span<const float> samples, double rate_hz, TruePeakFilter filter) {
  TruePeakMeter meter(filter);
  meter.prepare({rate_hz, 1, samples.size()});
  const float* const channel = samples.data();
  meter.process({std::span(&channel, 1), 0, samples.size()});
  meter.finish();
  return meter.peak().value;
}

/// Linear fades of 10 ms at both ends.
void fade(std::vector<double>& samples, double rate_hz) {
  const std::size_t length = static_cast<std::size_t>(rate_hz / 100.0);
  for (std::size_t i = 0; i < length; ++i) {
    const double gain = static_cast<double>(i) / static_cast<double>(length);
    samples[i] *= gain;
    samples[samples.size() - 1 - i] *= gain;
  }
}

std::vector<float> tone(double rate_hz, double turns_per_frame, double amplitude, double phase_degrees) {
  std::vector<double> samples(static_cast<std::size_t>(rate_hz * 0.1));
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double turns = turns_per_frame * static_cast<double>(n) + phase_degrees / 360.0;
    samples[n] = amplitude * std::sin(2.0 * std::numbers::pi * turns);
  }
  fade(samples, rate_hz);
  return {samples.begin(), samples.end()};
}

/// Tests 20 to 23: at four times the rate, a sine of 0.5 at rate/6 with one period of a sine of 1.0 at rate/4
/// in it; low-passed at half the rate; every fourth sample from `offset` on.
std::vector<float> inter_sample_burst(double rate_hz, std::size_t offset) {
  const std::size_t periods = static_cast<std::size_t>(0.05 * rate_hz * 4.0 / 24.0);
  std::vector<double> fast;
  const auto add = [&](double amplitude, std::size_t period, std::size_t count) {
    for (std::size_t n = 0; n < count * period; ++n) {
      fast.push_back(amplitude *
                     std::sin(2.0 * std::numbers::pi * static_cast<double>(n) / static_cast<double>(period)));
    }
  };
  add(0.5, 24, periods);
  add(1.0, 16, 1);
  add(0.5, 24, periods);
  fade(fast, 4.0 * rate_hz);

  constexpr int half_length = 120;
  std::vector<double> taps;
  for (int n = -half_length; n <= half_length; ++n) {
    const double t = n / 4.0;
    const double sinc = n == 0 ? 1.0 : std::sin(std::numbers::pi * t) / (std::numbers::pi * t);
    taps.push_back(0.25 * sinc * kaiser_window(static_cast<double>(n) / (half_length + 1e-9), 8.6));
  }
  std::vector<float> samples;
  for (std::size_t center = offset; center < fast.size(); center += 4) {
    double sum = 0.0;
    for (int n = -half_length; n <= half_length; ++n) {
      const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(center) + n;
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(fast.size())) continue;
      sum += taps[static_cast<std::size_t>(n + half_length)] * fast[static_cast<std::size_t>(at)];
    }
    samples.push_back(static_cast<float>(sum));
  }
  return samples;
}

struct Case {
  double rate_hz;
  TruePeakFilter filter;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (double rate : conformance_rates_hz) {
    all.push_back({rate, TruePeakFilter::oversampled_16x});
    // The standard asks for 192 kHz in all: from 96 kHz on twice is enough for what can be heard, but these
    // signals go up to a quarter of whatever the rate is.
    if (rate < 96000.0) all.push_back({rate, TruePeakFilter::bs1770_4x});
  }
  return all;
}

class Tech3341TruePeak : public testing::TestWithParam<Case> {
 protected:
  void expect(std::span<const float> samples, double dbtp) const {
    const double reading = true_peak_dbtp(samples, GetParam().rate_hz, GetParam().filter);
    EXPECT_LE(reading, dbtp + over_db);
    EXPECT_GE(reading, dbtp - under_db);
  }
  double rate() const { return GetParam().rate_hz; }
};

INSTANTIATE_TEST_SUITE_P(AtEveryRate, Tech3341TruePeak, testing::ValuesIn(cases()), [](const auto& of) {
  return rate_name(of.param.rate_hz) +
         (of.param.filter == TruePeakFilter::bs1770_4x ? "Standard" : "Gainstage");
});

TEST_P(Tech3341TruePeak, Test15) { expect(tone(rate(), 1.0 / 4.0, 0.5, 0.0), -6.0); }
TEST_P(Tech3341TruePeak, Test16) { expect(tone(rate(), 1.0 / 4.0, 0.5, 45.0), -6.0); }
TEST_P(Tech3341TruePeak, Test17) { expect(tone(rate(), 1.0 / 6.0, 0.5, 60.0), -6.0); }
TEST_P(Tech3341TruePeak, Test18) { expect(tone(rate(), 1.0 / 8.0, 0.5, 67.5), -6.0); }
TEST_P(Tech3341TruePeak, Test19) { expect(tone(rate(), 1.0 / 4.0, 1.41, 45.0), 3.0); }
TEST_P(Tech3341TruePeak, Tests20To23) {
  for (std::size_t offset : {0, 1, 2, 3}) expect(inter_sample_burst(rate(), offset), 0.0);
}

}  // namespace
}  // namespace gainstage::test
