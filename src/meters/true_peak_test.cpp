// SPDX-License-Identifier: MIT
#include "meters/true_peak.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "dsp/each_target.h"

namespace gainstage {
namespace {

/// Everything computed, nothing skipped, in double.
double full_computation(std::span<const float> samples, TruePeakFilter filter, double rate_hz) {
  const Interpolator interpolator = true_peak_interpolator(filter, rate_hz);
  double greatest = 0.0;
  for (float x : samples) greatest = std::max(greatest, std::abs(static_cast<double>(x)));
  std::vector<float> padded(samples.size() + 2 * interpolator.taps, 0.0f);
  std::copy(samples.begin(), samples.end(), padded.begin() + static_cast<std::ptrdiff_t>(interpolator.taps));
  for (std::size_t p = 1; p < interpolator.factor; ++p) {
    const std::span<const float> taps = interpolator.phase(p);
    for (std::size_t n = 0; n + taps.size() <= padded.size(); ++n) {
      double sum = 0.0;
      for (std::size_t j = 0; j < taps.size(); ++j) {
        sum += static_cast<double>(taps[j]) * static_cast<double>(padded[n + j]);
      }
      greatest = std::max(greatest, std::abs(sum));
    }
  }
  return greatest;
}

TruePeakMeter measured(std::span<const float> samples, TruePeakFilter filter, double rate_hz) {
  TruePeakMeter meter(filter);
  meter.prepare({rate_hz, 1, samples.size()});
  const float* const channel = samples.data();
  meter.process({std::span(&channel, 1), 0, samples.size()});
  meter.finish();
  return meter;
}

/// Signals made to fool a meter that skips: the greatest value lies between small samples, at an edge, after
/// a louder sample, or is spread over many samples of alternating sign.
std::vector<std::pair<std::string, std::vector<float>>> adversaries() {
  std::vector<std::pair<std::string, std::vector<float>>> signals;
  std::mt19937 random(23);
  std::normal_distribution<float> gauss(0.0f, 0.3f);
  const std::size_t length = 3000;
  std::vector<float> x(length);
  for (float& value : x) value = gauss(random);
  signals.emplace_back("noise", x);
  for (float& value : x) value = value > 0.0f ? 0.5f : -0.5f;
  signals.emplace_back("signs", x);
  for (std::size_t i = 0; i < length; ++i) x[i] = gauss(random) * static_cast<float>(i) / 3000.0f;
  signals.emplace_back("rising noise", x);
  std::reverse(x.begin(), x.end());
  signals.emplace_back("falling noise", x);
  for (std::size_t i = 0; i < length; ++i)
    x[i] = static_cast<float>(std::sin(0.5 * std::numbers::pi * (static_cast<double>(i) + 0.5)));
  signals.emplace_back("quarter rate", x);
  // Peaks far apart, and as many as there can be; the first goes on from a start that is no higher than it.
  for (const double per_frame : {0.0416, 0.4167, 0.5003}) {
    for (std::size_t i = 0; i < length; ++i) {
      const double fade = std::min(1.0, static_cast<double>(i) / 1000.0);
      x[i] = static_cast<float>(fade * std::sin(std::numbers::pi * per_frame * static_cast<double>(i)));
    }
    signals.emplace_back("steady tone", x);
  }
  for (std::size_t i = 0; i < length; ++i) {
    x[i] = static_cast<float>(0.8 * std::sin(0.02 * static_cast<double>(i)));
    if (i > 2650 && i < 2660) x[i] += i % 2 == 0 ? 0.2f : -0.2f;
  }
  signals.emplace_back("low tone with a burst", x);
  // The worst input of the filter's worst phase, hidden under a sample that is nearly as high as what it
  // gives.
  const Interpolator interpolator = true_peak_interpolator(TruePeakFilter::oversampled_16x, 48000.0);
  const std::span<const float> taps = interpolator.phase(8);
  std::fill(x.begin(), x.end(), 0.0f);
  for (std::size_t j = 0; j < taps.size(); ++j) x[2001 + j] = taps[j] > 0.0f ? 0.25f : -0.25f;
  x[100] = static_cast<float>(0.25 * l1_norm(taps)) * 0.9999f;
  signals.emplace_back("worst phase", x);
  std::fill(x.begin(), x.end(), 0.0f);
  x[0] = 0.7f;
  x[1] = 0.7f;
  signals.emplace_back("at the start", x);
  std::reverse(x.begin(), x.end());
  signals.emplace_back("at the end", x);
  std::fill(x.begin(), x.end(), 0.0f);
  signals.emplace_back("silence", x);
  signals.emplace_back("one sample", std::vector<float>{0.5f});
  return signals;
}

/// What its docstring says of the interpolator that is sixteen times as fine: grid and taps together stay
/// within 0.15 dB.
TEST(TruePeakMeter, IsFlatTo20kHz) {
  for (const double rate :
       {44100.0, 47899.0, 47900.0, 48000.0, 50000.0, 88200.0, 96000.0, 176400.0, 192000.0}) {
    const Interpolator whole = true_peak_interpolator(TruePeakFilter::oversampled_16x, rate);
    for (double hz = 0.0; hz <= 20000.0; hz += 50.0) {
      double error = 0.0;
      for (std::size_t p = 1; p < whole.factor; ++p) {
        const double place = static_cast<double>(whole.taps / 2 - 1) +
                             static_cast<double>(p) / static_cast<double>(whole.factor);
        std::complex<double> sum = -1.0;
        for (std::size_t j = 0; j < whole.taps; ++j) {
          sum += static_cast<double>(whole.phase(p)[j]) *
                 std::polar(1.0, 2.0 * std::numbers::pi * hz / rate * (static_cast<double>(j) - place));
        }
        error = std::max(error, std::abs(sum));
      }
      EXPECT_LT(to_db(1.0 + error).value, rate == 44100.0 ? 0.065 : 0.04) << hz << " at " << rate;
      const double half_step = std::numbers::pi * hz / rate / static_cast<double>(whole.factor);
      EXPECT_LT(-to_db(std::cos(half_step) * (1.0 - error)).value, 0.1) << hz << " at " << rate;
    }
  }
}

TEST(TruePeakMeter, SkippingChangesNothing) {
  for (TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
    for (double rate : {44100.0, 48000.0, 96000.0, 192000.0, 384000.0}) {
      for (const auto& [name, samples] : adversaries()) {
        const double expected = full_computation(samples, filter, rate);
        EXPECT_NEAR(measured(samples, filter, rate).peak_ratio(), expected, 2e-6 * expected)
            << name << " at " << rate;
      }
    }
  }
}

/// As the meter has it, to the bit, but for what it skips: both stages at every place.
float full_computation_of_stages(std::span<const float> samples, TruePeakFilter filter, double rate_hz) {
  const InterpolatorStages stages = true_peak_stages(filter, rate_hz);
  const FoldedInterpolator first = fold(stages.first), second = fold(stages.second);
  // Silence before and after: as much as any output depends on.
  const std::size_t around = stages.first.taps + stages.second.taps;
  std::vector<float> x(samples.size() + 2 * around + interpolation_slack, 0.0f);
  std::ranges::copy(samples, x.begin() + static_cast<std::ptrdiff_t>(around));
  float greatest = 0.0f;
  const auto take = [&](const std::vector<float>& values) {
    for (const float value : values) greatest = std::max(greatest, std::abs(value));
  };
  take(x);
  std::vector<float> between(samples.size() + 2 * around - first.taps + 1);
  for (std::size_t p = 1; p < first.factor; ++p) {
    interpolate(first, p, x.data(), between);
    take(between);
  }
  if (second.factor == 1) return greatest;
  std::vector<float> grid;
  for (std::size_t i = 0; i < between.size(); ++i) {
    grid.push_back(x[i + first.taps / 2 - 1]);
    grid.push_back(between[i]);
  }
  std::vector<float> values(grid.size() - second.taps + 1);
  grid.resize(grid.size() + interpolation_slack);
  for (std::size_t p = 1; p < second.factor; ++p) {
    interpolate(second, p, grid.data(), values);
    take(values);
  }
  return greatest;
}

TEST(TruePeakMeter, IsTheFullComputationToTheBit) {
  for (TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
    for (double rate : {44100.0, 48000.0, 96000.0, 192000.0, 384000.0}) {
      for (const auto& [name, samples] : adversaries()) {
        EXPECT_EQ(measured(samples, filter, rate).peak_ratio(),
                  static_cast<double>(full_computation_of_stages(samples, filter, rate)))
            << name << " at " << rate;
      }
    }
  }
}

/// Loud everywhere, so that what is searched is told from integers or everything: noise, clipped noise, noise
/// that rises, steady tones that a burst came before.
std::vector<std::pair<std::string, std::vector<float>>> loud_everywhere() {
  std::vector<std::pair<std::string, std::vector<float>>> signals;
  std::mt19937 random(5);
  std::uniform_real_distribution<float> even(-1.0f, 1.0f);
  const std::size_t length = 60 * 480;
  std::vector<float> x(length);
  for (float& value : x) value = even(random);
  signals.emplace_back("noise", x);
  for (std::size_t i = 0; i < length; ++i) x[i] *= 0.5f + 0.5f * static_cast<float>(i) / 28800.0f;
  signals.emplace_back("rising noise", x);
  for (float& value : x) value = value > 0.0f ? 0.5f : -0.5f;
  signals.emplace_back("signs", x);
  for (const double per_frame : {0.0416, 0.2003, 0.5, 0.4167}) {
    for (const double burst : {1.0, 1.15}) {
      for (std::size_t i = 0; i < length; ++i) {
        const double gain = i < 500 ? burst * static_cast<double>(i) / 500.0 : 1.0;
        x[i] = static_cast<float>(0.7 * gain *
                                  std::sin(std::numbers::pi * (per_frame * static_cast<double>(i) + 0.25)));
      }
      signals.emplace_back("tone", x);
    }
  }
  return signals;
}

TEST(TruePeakMeter, IsTheFullComputationToTheBitWhereAllIsLoudOnEveryTarget) {
  on_each_target([] {
    for (const double rate : {48000.0, 96000.0, 192000.0}) {
      for (const auto& [name, samples] : loud_everywhere()) {
        EXPECT_EQ(
            measured(samples, TruePeakFilter::oversampled_16x, rate).peak_ratio(),
            static_cast<double>(full_computation_of_stages(samples, TruePeakFilter::oversampled_16x, rate)))
            << name << " at " << rate;
      }
    }
  });
}

TEST(TruePeakMeter, WhatCameBeforeChangesNothing) {
  // The greatest value is found even when the maximum so far is just below it.
  for (const auto& [name, samples] : adversaries()) {
    const double alone = measured(samples, TruePeakFilter::oversampled_16x, 48000.0).peak_ratio();
    if (alone == 0.0) continue;
    std::vector<float> longer(500, 0.0f);
    longer[10] = static_cast<float>(alone * 0.99999);
    longer.insert(longer.end(), samples.begin(), samples.end());
    EXPECT_EQ(measured(longer, TruePeakFilter::oversampled_16x, 48000.0).peak_ratio(), alone) << name;
  }
}

TEST(TruePeakMeter, SaysWhereThePeakIs) {
  const double rate = 48000.0;
  std::vector<float> samples(48000);
  const double at = 31234.3125;  // Frames: 5/16 after a sample.
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double t = static_cast<double>(i) - at;
    samples[i] = static_cast<float>(0.9 * std::exp(-t * t / 50.0) * std::cos(1.5 * t));
  }
  const TruePeakMeter meter = measured(samples, TruePeakFilter::oversampled_16x, rate);
  EXPECT_NEAR(meter.peak_at_seconds() * rate, at, 0.04);
  EXPECT_NEAR(meter.peak_ratio(), 0.9, 1e-3);
}

TEST(TruePeakMeter, OfEqualPeaksTheFirstIsNamed) {
  std::vector<float> samples(10000, 0.0f);
  for (std::size_t at : {2000, 5000, 9000}) samples[at] = samples[at + 1] = 0.5f;
  EXPECT_NEAR(measured(samples, TruePeakFilter::oversampled_16x, 48000.0).peak_at_seconds() * 48000.0, 2000.5,
              1e-6);
}

TEST(TruePeakMeter, IsNeverUnderTheSamplePeak) {
  for (const auto& [name, samples] : adversaries()) {
    float greatest = 0.0f;
    for (float x : samples) greatest = std::max(greatest, std::abs(x));
    for (TruePeakFilter filter : {TruePeakFilter::oversampled_16x, TruePeakFilter::bs1770_4x}) {
      EXPECT_GE(measured(samples, filter, 48000.0).peak_ratio(), static_cast<double>(greatest)) << name;
    }
  }
}

TEST(TruePeakMeter, AFewNamesForReports) {
  EXPECT_EQ(name(TruePeakFilter::oversampled_16x), "gainstage-16x");
  EXPECT_EQ(name(TruePeakFilter::bs1770_4x), "bs1770-4x");
}

}  // namespace
}  // namespace gainstage
