// SPDX-License-Identifier: MIT
#include "desk/scope/scope.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "base/units.h"

namespace gainstage::desk {
namespace {

constexpr double period_s = 1.0 / 30.0;

/// Looks at `seconds` of a signal as a page does; the last picture.
template <typename Left, typename Right>
Scope shown(Left left, Right right, double seconds = 1.0, double rate_hz = 48000.0) {
  ScopeAnalyser analyser(rate_hz);
  const auto frames = static_cast<std::size_t>(rate_hz * period_s);
  Scope scope;
  std::size_t n = 0;
  for (double t = 0.0; t < seconds; t += period_s) {
    std::vector<float> samples;
    for (std::size_t f = 0; f < frames; ++f, ++n) {
      samples.push_back(static_cast<float>(left(static_cast<double>(n) / rate_hz)));
      samples.push_back(static_cast<float>(right(static_cast<double>(n) / rate_hz)));
    }
    analyser.add(samples);
    scope = analyser.look(period_s);
  }
  return scope;
}

auto sine(double hz, double amplitude = 1.0) {
  return [=](double t) { return amplitude * std::sin(2.0 * std::numbers::pi * hz * t); };
}

double silence(double) { return 0.0; }

auto noise(unsigned seed) {
  return [chance = std::mt19937(seed)](double) mutable {
    return std::uniform_real_distribution<double>(-1.0, 1.0)(chance);
  };
}

std::size_t line_of(double hz) {
  return static_cast<std::size_t>(std::lround(255.0 * std::log(hz / 20.0) / std::log(1000.0)));
}

TEST(Scope, ReadsAFullScaleSineAsNought) {
  // 0.3 dB: a Hann window's loss between two bins is 1.4 dB in one bin, but a band adds them all up.
  for (const double rate_hz : {44100.0, 48000.0, 96000.0}) {
    for (std::size_t band = 7; band < 29; ++band) {
      const double hz = 1000.0 * std::pow(10.0, (static_cast<double>(band) - 17.0) / 10.0);
      const Scope scope = shown(sine(hz), sine(hz), 0.5, rate_hz);
      EXPECT_NEAR(scope.bands_dbfs[band], 0.0, 0.3) << hz;
    }
  }
}

TEST(Scope, KeepsASinesLevelInTheFineLines) {
  for (const double hz : {50.0, 440.0, 1000.0, 5000.0, 15000.0}) {
    const Scope scope = shown(sine(hz, 0.5), sine(hz, 0.5));
    const std::size_t line = line_of(hz);
    float greatest = -200.0f;
    for (std::size_t l = line - 2; l <= line + 2; ++l) greatest = std::max(greatest, scope.fine_dbfs[l]);
    // A sine between two bins loses up to 1.42 dB under a Hann window.
    EXPECT_NEAR(greatest, -6.02 - 0.71, 0.75) << hz;
  }
}

TEST(Scope, AddsUpToTheMeanSquare) {
  const Scope scope = shown(noise(1), noise(2), 2.0);
  double power = 0.0;
  for (const float band : scope.bands_dbfs) power += to_power_ratio({band});
  // A mean square of 1/3 over that of a sine, 1/2; the bands hold 18 Hz to 22.4 kHz of 24 kHz. Bands fall
  // slowly, so that they read somewhat over the mean.
  EXPECT_NEAR(power_to_db(power).value, power_to_db(2.0 / 3.0 * 22.4 / 24.0).value, 0.5);
}

TEST(Scope, HasTheCentreForTwoEqualChannels) {
  const Scope scope = shown(sine(1000.0), sine(1000.0));
  EXPECT_NEAR(scope.correlation, 1.0, 1e-6);
  EXPECT_NEAR(scope.width, 0.0, 1e-6);
  EXPECT_NEAR(scope.balance_db, 0.0, 1e-6);
  EXPECT_NEAR(scope.mono_loss_db, 0.0, 1e-6);
  EXPECT_NEAR(scope.widths[17], 0.0, 1e-6);
  for (const Scope::Point& point : scope.points) ASSERT_EQ(point.side, 0);
}

TEST(Scope, LosesEverythingOfOppositeChannelsInMono) {
  const Scope scope = shown(sine(1000.0), sine(1000.0, -1.0));
  EXPECT_NEAR(scope.correlation, -1.0, 1e-6);
  EXPECT_NEAR(scope.width, 1.0, 1e-6);
  EXPECT_LT(scope.mono_loss_db, -60.0);
  EXPECT_NEAR(scope.widths[17], 1.0, 1e-4);
}

TEST(Scope, ShowsEachBandsSide) {
  // Left a low tone, right a high one.
  const Scope scope = shown(sine(100.0), sine(5000.0, 0.5));
  EXPECT_GT(scope.balances_db[7], 40.0f);
  EXPECT_LT(scope.balances_db[24], -40.0f);
  EXPECT_NEAR(scope.balance_db, 6.02, 0.1);
  EXPECT_NEAR(scope.widths[7], 0.5, 0.01);
}

TEST(Scope, PutsTheLeftOnThePositiveSide) {
  const Scope scope = shown([](double) { return 0.5; }, silence);
  ASSERT_FALSE(scope.points.empty());
  EXPECT_LE(scope.points.size(), 512u);
  EXPECT_EQ(scope.points.back().side, 8192);
  EXPECT_EQ(scope.points.back().mid, 8192);
  EXPECT_EQ(scope.balance_db, std::numeric_limits<float>::infinity());
}

TEST(Scope, IsSilentInSilence) {
  const Scope scope = shown(silence, silence);
  for (const float band : scope.bands_dbfs) EXPECT_EQ(band, -std::numeric_limits<float>::infinity());
  for (const float line : scope.fine_dbfs) EXPECT_EQ(line, -std::numeric_limits<float>::infinity());
  EXPECT_EQ(scope.correlation, 0.0f);
}

TEST(Scope, HoldsAPeakForTwoSecondsAndLetsItFall) {
  ScopeAnalyser analyser(48000.0);
  std::vector<float> loud;
  for (int n = 0; n < 9600; ++n) {
    loud.push_back(static_cast<float>(std::sin(2.0 * std::numbers::pi * 1000.0 * n / 48000.0)));
    loud.push_back(loud.back());
  }
  analyser.add(loud);
  EXPECT_NEAR(analyser.look(period_s).hold_dbfs[17], 0.0, 0.3);
  const std::vector<float> silent(2 * 1600);
  for (int frame = 0; frame < 54; ++frame) {
    analyser.add(silent);
    analyser.look(period_s);
  }
  EXPECT_NEAR(analyser.look(period_s).hold_dbfs[17], 0.0, 0.3);
  EXPECT_LT(analyser.look(period_s).bands_dbfs[17], -40.0);
  for (int frame = 0; frame < 36; ++frame) {
    analyser.add(silent);
    analyser.look(period_s);
  }
  // Some 3.07 s after the last of it: 20 dB down after 3 s.
  EXPECT_NEAR(analyser.look(period_s).hold_dbfs[17], -20.0, 4.0);
}

TEST(Scope, FallsBySixDecibelsWithinATenthOfASecond) {
  ScopeAnalyser analyser(48000.0);
  std::vector<float> loud;
  for (int n = 0; n < 9600; ++n) {
    loud.push_back(static_cast<float>(std::sin(2.0 * std::numbers::pi * 1000.0 * n / 48000.0)));
    loud.push_back(loud.back());
  }
  analyser.add(loud);
  const float before = analyser.look(period_s).bands_dbfs[17];
  analyser.add(std::vector<float>(2 * 48000));
  // A time constant of 0.15 s: 8.7 dB of amplitude is 10 dB / ln 10 / 0.15 s of power.
  EXPECT_NEAR(analyser.look(0.15).bands_dbfs[17], before - 4.34, 0.01);
}

TEST(Scope, IsTheSameForAnyCut) {
  std::mt19937 chance(5);
  std::vector<float> samples;
  for (int n = 0; n < 20000; ++n)
    samples.push_back(std::uniform_real_distribution<float>(-1.0f, 1.0f)(chance));
  ScopeAnalyser whole(48000.0);
  whole.add(samples);
  ScopeAnalyser parts(48000.0);
  for (std::size_t at = 0; at < samples.size();) {
    const std::size_t count = std::min<std::size_t>(2 * (chance() % 500), samples.size() - at);
    parts.add(std::span(samples).subspan(at, count));
    at += count;
  }
  EXPECT_EQ(whole.look(period_s).bands_dbfs, parts.look(period_s).bands_dbfs);
  EXPECT_EQ(whole.look(period_s).correlation, parts.look(period_s).correlation);
}

TEST(Scope, StartsAnewByReset) {
  ScopeAnalyser used(48000.0);
  std::vector<float> samples(20000, 0.5f);
  used.add(samples);
  used.look(period_s);
  used.reset();
  ScopeAnalyser fresh(48000.0);
  std::vector<float> more(2000, 0.25f);
  used.add(more);
  fresh.add(more);
  EXPECT_EQ(used.look(period_s).bands_dbfs, fresh.look(period_s).bands_dbfs);
  EXPECT_EQ(used.look(period_s).hold_dbfs, fresh.look(period_s).hold_dbfs);
}

TEST(Scope, TakesWhatIsNoNumber) {
  ScopeAnalyser analyser(48000.0);
  std::vector<float> samples(2000, std::numeric_limits<float>::quiet_NaN());
  analyser.add(samples);
  EXPECT_EQ(analyser.look(period_s).points.back().mid, 0);
  // Once it has left the window, the picture is whole again.
  std::vector<float> tone;
  for (int n = 0; n < 48000; ++n) {
    tone.push_back(static_cast<float>(std::sin(2.0 * std::numbers::pi * 1000.0 * n / 48000.0)));
    tone.push_back(tone.back());
  }
  analyser.add(tone);
  EXPECT_NEAR(analyser.look(1.0).bands_dbfs[17], 0.0, 0.3);
  EXPECT_NEAR(analyser.look(1.0).correlation, 1.0, 1e-6);
}

}  // namespace
}  // namespace gainstage::desk
