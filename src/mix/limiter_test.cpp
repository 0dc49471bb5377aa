// SPDX-License-Identifier: MIT
#include "mix/limiter.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "meters/true_peak.h"
#include "tests/support/allocation_counter.h"

namespace gainstage {
namespace {

using Signal = std::function<double(double seconds, std::mt19937& random)>;

double gaussian(std::mt19937& random) { return std::normal_distribution<double>(0.0, 1.0)(random); }

AudioBuffer make(const Signal& signal, double rate_hz, std::size_t channels, double seconds) {
  std::mt19937 random(7);
  const auto frames = static_cast<std::size_t>(seconds * rate_hz);
  AudioBuffer buffer(channels, frames);
  for (std::size_t c = 0; c < channels; ++c) {
    const std::span<float> samples = buffer.view().channel(c);
    for (std::size_t i = 0; i < frames; ++i) {
      samples[i] = static_cast<float>(signal(static_cast<double>(i) / rate_hz, random));
    }
  }
  return buffer;
}

struct Limited {
  AudioBuffer audio;  ///< The latency taken out.
  std::vector<float> gain_ratios;
};

Limited limit(const AudioBuffer& in, double rate_hz, Db ceiling, const std::vector<std::size_t>& cuts) {
  Limiter limiter;
  limiter.prepare({rate_hz, in.channels(), in.frames()}, ceiling);
  const std::size_t latency = limiter.latency_frames();
  AudioBuffer padded(in.channels(), in.frames() + latency);
  for (std::size_t c = 0; c < in.channels(); ++c) {
    std::ranges::copy(in.view().channel(c), padded.view().channel(c).begin());
  }
  std::vector<float> ratios(padded.frames());
  for (std::size_t first = 0, i = 0; first < padded.frames(); ++i) {
    const std::size_t count = std::min(cuts[i % cuts.size()], padded.frames() - first);
    limiter.process(padded.view().section(first, count), std::span(ratios).subspan(first, count));
    first += count;
  }
  Limited limited{AudioBuffer(in.channels(), in.frames()), {}};
  for (std::size_t c = 0; c < in.channels(); ++c) {
    std::ranges::copy(padded.view().channel(c).subspan(latency), limited.audio.view().channel(c).begin());
  }
  limited.gain_ratios.assign(ratios.begin() + static_cast<std::ptrdiff_t>(latency), ratios.end());
  return limited;
}

Limited limit(const AudioBuffer& in, double rate_hz, Db ceiling) {
  return limit(in, rate_hz, ceiling, {in.frames() + 100000});
}

Db true_peak(const AudioBuffer& audio, double rate_hz) {
  TruePeakMeter meter;
  meter.prepare({rate_hz, audio.channels(), audio.frames()});
  meter.process(audio.view());
  meter.finish();
  return meter.peak();
}

void expect_equal(const AudioBuffer& a, const AudioBuffer& b, const std::string& what) {
  ASSERT_EQ(a.frames(), b.frames());
  for (std::size_t c = 0; c < a.channels(); ++c) {
    EXPECT_TRUE(std::ranges::equal(a.view().channel(c), b.view().channel(c))) << what << ", channel " << c;
  }
}

Signal sine(double frequency_hz, double amplitude, double phase) {
  return [=](double t, std::mt19937&) {
    return amplitude * std::sin(2.0 * std::numbers::pi * frequency_hz * t + phase);
  };
}

struct Case {
  const char* name;
  Signal signal;
};

std::vector<Case> loud_signals() {
  return {
      {"noise", [](double, std::mt19937& r) { return 0.5 * gaussian(r); }},
      {"clipped noise", [](double, std::mt19937& r) { return std::clamp(4.0 * gaussian(r), -1.0, 1.0); }},
      {"random signs", [](double, std::mt19937& r) { return gaussian(r) > 0.0 ? 1.0 : -1.0; }},
      {"low sine", sine(60.0, 3.0, 0.0)},
      {"sine", sine(997.0, 2.0, 0.0)},
      {"quarter of the rate, 45 degrees", sine(12000.0, 1.4, std::numbers::pi / 4.0)},
      {"sine near the end of the band", sine(20000.0, 2.0, 0.3)},
      {"impulses", [](double t, std::mt19937&) { return std::fmod(t, 0.1) < 1e-5 ? 3.0 : 0.0; }},
      {"bursts",
       [](double t, std::mt19937& r) {
         const double level = std::fmod(t, 0.05) < 0.01 ? 2.0 : 0.1;
         return level * gaussian(r);
       }},
      {"square", [](double t, std::mt19937&) { return std::fmod(t * 223.0, 1.0) < 0.5 ? 1.0 : -1.0; }},
      {"sweep",
       [](double t, std::mt19937&) {
         return 1.5 * std::sin(2.0 * std::numbers::pi * (100.0 + 10000.0 * t) * t);
       }},
  };
}

// The promise is 0.05 dB; two passes keep it with room to spare.
TEST(Limiter, NeverExceedsItsCeiling) {
  for (const double rate_hz : {44100.0, 48000.0, 96000.0}) {
    for (const Case& loud : loud_signals()) {
      const AudioBuffer in = make(loud.signal, rate_hz, 2, 0.25);
      for (const double ceiling : {-1.0, -0.1}) {
        if (true_peak(in, rate_hz) <= Db{ceiling}) continue;
        const Limited out = limit(in, rate_hz, {ceiling});
        EXPECT_LE(true_peak(out.audio, rate_hz).value, ceiling + 0.05)
            << loud.name << " at " << rate_hz << " Hz";
      }
    }
  }
}

TEST(Limiter, PassesWhatIsUnderTheCeilingUntouched) {
  for (const std::size_t channels : {1u, 2u, 6u}) {
    const AudioBuffer in =
        make([](double, std::mt19937& r) { return 0.2 * std::tanh(gaussian(r)); }, 48000.0, channels, 0.5);
    const Db ceiling = true_peak(in, 48000.0) + Db{0.001};
    const Limited out = limit(in, 48000.0, ceiling);
    expect_equal(out.audio, in, "under the ceiling");
    EXPECT_TRUE(std::ranges::all_of(out.gain_ratios, [](float ratio) { return ratio == 1.0f; }));
  }
}

TEST(Limiter, IsUntouchedAgainAfterARelease) {
  const Signal signal = [](double t, std::mt19937& r) {
    return (t < 0.05 ? 1.0 : 0.05) * std::tanh(gaussian(r));
  };
  const AudioBuffer in = make(signal, 48000.0, 2, 4.0);
  const Limited out = limit(in, 48000.0, {-6.0});
  const std::size_t from = 3 * 48000;
  for (std::size_t i = from; i < in.frames(); ++i) {
    ASSERT_EQ(out.audio.view().channel(0)[i], in.view().channel(0)[i]) << "frame " << i;
  }
}

TEST(Limiter, HoldsTheLevelOfASteadySine) {
  const AudioBuffer in = make(sine(997.0, 2.0, 0.0), 48000.0, 2, 1.0);
  const Limited out = limit(in, 48000.0, {-1.0});
  EXPECT_NEAR(true_peak(out.audio, 48000.0).value, -1.0, 0.05);
}

TEST(Limiter, GivesAllChannelsTheSameGain) {
  AudioBuffer in = make(sine(440.0, 0.25, 0.0), 48000.0, 2, 0.5);
  for (float& sample : in.view().channel(1)) sample *= 8.0f;
  const Limited out = limit(in, 48000.0, {-1.0});
  for (std::size_t i = 0; i < in.frames(); ++i) {
    const float ratio = out.gain_ratios[i];
    for (std::size_t c = 0; c < 2; ++c) {
      const float sample = in.view().channel(c)[i];
      // Each of two passes rounds once.
      ASSERT_NEAR(out.audio.view().channel(c)[i], sample * ratio, std::abs(sample) * 3e-7) << "frame " << i;
    }
  }
}

// A step of the gain would be heard: over one frame it moves by no more than the steepest slope of a 2 ms
// triangle.
TEST(Limiter, MovesItsGainSmoothly) {
  const AudioBuffer in = make(loud_signals()[8].signal, 48000.0, 2, 1.0);
  const Limited out = limit(in, 48000.0, {-1.0});
  for (std::size_t i = 1; i < out.gain_ratios.size(); ++i) {
    ASSERT_LE(std::abs(out.gain_ratios[i] - out.gain_ratios[i - 1]), 2.0 * 2.0 / 96.0) << "frame " << i;
  }
}

TEST(Limiter, DoesNotDependOnBlockSize) {
  const AudioBuffer in = make(loud_signals()[8].signal, 44100.0, 2, 0.5);
  const Limited whole = limit(in, 44100.0, {-1.0});
  const Limited ones = limit(in, 44100.0, {-1.0}, {1});
  const Limited mixed = limit(in, 44100.0, {-1.0}, {64, 1, 333, 1000});
  expect_equal(ones.audio, whole.audio, "one frame a block");
  expect_equal(mixed.audio, whole.audio, "mixed blocks");
  EXPECT_EQ(mixed.gain_ratios, whole.gain_ratios);
}

TEST(Limiter, ResetEqualsFresh) {
  const AudioBuffer in = make(loud_signals()[0].signal, 48000.0, 2, 0.3);
  Limiter limiter;
  limiter.prepare({48000.0, 2, in.frames()}, {-1.0});
  std::vector<float> ratios(in.frames());
  const auto run = [&] {
    AudioBuffer out(2, in.frames());
    for (std::size_t c = 0; c < 2; ++c)
      std::ranges::copy(in.view().channel(c), out.view().channel(c).begin());
    limiter.process(out.view(), ratios);
    return out;
  };
  const AudioBuffer first = run();
  limiter.reset();
  const AudioBuffer second = run();
  expect_equal(second, first, "after reset");
}

TEST(Limiter, DoesNotAllocateWhileItRuns) {
  AudioBuffer in = make(loud_signals()[0].signal, 48000.0, 2, 0.2);
  Limiter limiter;
  limiter.prepare({48000.0, 2, in.frames()}, {-1.0});
  std::vector<float> ratios(in.frames());
  const std::size_t before = test::allocations();
  limiter.process(in.view(), ratios);
  limiter.reset();
  EXPECT_EQ(test::allocations() - before, 0u);
}

}  // namespace
}  // namespace gainstage
