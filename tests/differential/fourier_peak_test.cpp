// SPDX-License-Identifier: MIT
// True peak against interpolation by Fourier transform, 32 times, of material up to 20 kHz: never more than
// 0.15 dB under it.
#include <gtest/gtest.h>
#include <kiss_fftr.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "meters/true_peak.h"

namespace gainstage::test {
namespace {

constexpr std::size_t length = 1 << 14;
constexpr std::size_t factor = 32;
constexpr double highest_hz = 20000.0;

struct BandLimited {
  std::vector<float> samples;
  double peak = 0.0;  ///< Of the signal between the samples, too.
};

/// What is left of a signal up to 20 kHz, at its rate and, for the peak, at 32 times it.
BandLimited band_limited(std::vector<float> samples, double rate_hz) {
  for (std::size_t i = 0; i < 1024; ++i) {
    const float gain = static_cast<float>(i) / 1024.0f;
    samples[i] *= gain;
    samples[length - 1 - i] *= gain;
  }
  std::vector<kiss_fft_cpx> bins(length * factor / 2 + 1, kiss_fft_cpx{0.0f, 0.0f});
  kiss_fftr_cfg forward = kiss_fftr_alloc(length, 0, nullptr, nullptr);
  kiss_fftr(forward, samples.data(), bins.data());
  kiss_fftr_free(forward);
  const std::size_t last = std::min(length / 2 - 1, static_cast<std::size_t>(highest_hz / rate_hz * length));
  std::fill(bins.begin() + static_cast<std::ptrdiff_t>(last), bins.end(), kiss_fft_cpx{0.0f, 0.0f});
  std::vector<float> fine(length * factor);
  kiss_fftr_cfg inverse = kiss_fftr_alloc(static_cast<int>(fine.size()), 1, nullptr, nullptr);
  kiss_fftri(inverse, bins.data(), fine.data());
  kiss_fftr_free(inverse);
  BandLimited result;
  for (std::size_t i = 0; i < fine.size(); ++i) {
    const float value = fine[i] / static_cast<float>(length);
    result.peak = std::max(result.peak, std::abs(static_cast<double>(value)));
    if (i % factor == 0) result.samples.push_back(value);
  }
  return result;
}

template <typename Value>
std::vector<float> generate(Value value) {
  std::vector<float> samples(length);
  for (std::size_t i = 0; i < length; ++i) samples[i] = static_cast<float>(value(static_cast<double>(i)));
  return samples;
}

double under_reading_db(const std::vector<float>& source, double rate_hz) {
  const BandLimited signal = band_limited(source, rate_hz);
  TruePeakMeter meter;
  meter.prepare({rate_hz, 1, length});
  const float* const channel = signal.samples.data();
  meter.process({std::span(&channel, 1), 0, signal.samples.size()});
  meter.finish();
  return to_db(signal.peak).value - meter.peak().value;
}

class FourierPeak : public testing::TestWithParam<double> {};
INSTANTIATE_TEST_SUITE_P(AtEveryRate, FourierPeak,
                         testing::Values(44100, 47900, 48000, 48017, 88200, 96000, 176400, 192000),
                         [](const auto& of) { return std::to_string(static_cast<int>(of.param)); });

TEST_P(FourierPeak, IsNeverMuchOverTheMetersReading) {
  const double rate = GetParam();
  std::mt19937 random(3);
  std::normal_distribution<double> gauss;
  std::vector<std::pair<std::string, std::vector<float>>> signals;
  for (int i = 0; i < 3; ++i) {
    signals.emplace_back("noise", generate([&](double) { return 0.3 * gauss(random); }));
    signals.emplace_back("clipped noise",
                         generate([&](double) { return std::clamp(gauss(random), -0.5, 0.5); }));
    signals.emplace_back("signs", generate([&](double) { return gauss(random) > 0.0 ? 0.5 : -0.5; }));
  }
  for (double hz : {rate / 4.0, rate / 4.0 + 1.0, rate / 3.0, rate / 6.0, 15000.0, 19000.0, 19900.0}) {
    if (hz > 19900.0) continue;
    for (double phase : {0.0, 0.5, 1.1}) {
      signals.emplace_back("sine " + std::to_string(hz), generate([&](double n) {
                             return 0.7 * std::sin(2.0 * std::numbers::pi * hz / rate * n + phase);
                           }));
    }
  }
  for (const auto& [name, samples] : signals) {
    const double under = under_reading_db(samples, rate);
    EXPECT_LE(under, 0.15) << name;
    EXPECT_GE(under, -0.1) << name << ": reads too much";
  }
}

}  // namespace
}  // namespace gainstage::test
