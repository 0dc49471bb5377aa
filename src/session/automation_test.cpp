// SPDX-License-Identifier: MIT
#include "session/automation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "session/signal_flow.h"

namespace gainstage {
namespace {

double db(double ratio) { return 20.0 * std::log10(ratio); }
double ratio(double decibels) { return std::pow(10.0, decibels / 20.0); }

Automation ramp(AutomationScale scale, double from, double to,
                AutomationShape shape = AutomationShape::linear, double tension = 0.0) {
  return {scale, {{1.0, from, shape, tension}, {3.0, to}}};
}

TEST(Automation, StandsStillBeforeItsFirstAndAfterItsLastPoint) {
  const Automation curve = ramp(AutomationScale::value, 0.25, 0.75);
  EXPECT_EQ(curve.value_at(-5.0), 0.25);
  EXPECT_EQ(curve.value_at(1.0), 0.25);
  EXPECT_EQ(curve.value_at(3.0), 0.75);
  EXPECT_EQ(curve.value_at(99.0), 0.75);
}

TEST(Automation, LastOfEqualTimesCountsFromThere) {
  const Automation curve{AutomationScale::value, {{0.0, 1.0}, {1.0, 1.0}, {1.0, 0.5}, {2.0, 0.5}}};
  EXPECT_EQ(curve.value_at(std::nextafter(1.0, 0.0)), 1.0);
  EXPECT_EQ(curve.value_at(1.0), 0.5);
}

TEST(Automation, PassesThroughItsPointsOnEveryScaleAndShape) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> level(-60.0, 6.0);
  for (const auto scale : {AutomationScale::value, AutomationScale::decibels, AutomationScale::ardour_fader,
                           AutomationScale::reaper_fader}) {
    for (int shape = 0; shape < 6; ++shape) {
      Automation curve{scale, {}};
      for (int i = 0; i < 8; ++i) {
        curve.points.push_back({0.5 * i, ratio(level(random)), static_cast<AutomationShape>(shape), 0.3});
      }
      for (const AutomationPoint& point : curve.points)
        EXPECT_NEAR(db(curve.value_at(point.seconds)), db(point.value), 1e-9);
    }
  }
}

// Measured in Ardour's exports: between 0 and -6.02 dB a region's envelope reads -2.85 dB half way, between
// -3 and -15 dB a fader by its law -8.32 dB.
TEST(Automation, RunsOnArdoursFaderLaw) {
  EXPECT_NEAR(db(ramp(AutomationScale::ardour_fader, 1.0, 0.5).value_at(2.0)), -2.85, 0.01);
  EXPECT_NEAR(db(ramp(AutomationScale::ardour_fader, ratio(-3.0), ratio(-15.0)).value_at(2.0)), -8.32, 0.005);
}

TEST(Automation, RunsStraightInDecibelsAndFromSilenceInAmplitude) {
  EXPECT_NEAR(db(ramp(AutomationScale::decibels, ratio(-3.0), ratio(-15.0)).value_at(2.0)), -9.0, 1e-9);
  EXPECT_NEAR(ramp(AutomationScale::decibels, 0.0, 0.5).value_at(2.0), 0.25, 1e-12);
}

TEST(Automation, RunsOnReapersFaderLaw) {
  // Positions users read off: 0 dB at 716.2, +6.02 dB at 852.8, so half way between lies +3.1 dB.
  EXPECT_NEAR(db(ramp(AutomationScale::reaper_fader, 1.0, 2.0).value_at(2.0)), 3.1, 0.1);
}

TEST(Automation, HasReapersShapes) {
  const auto quarter = [](AutomationShape shape, double tension = 0.0) {
    return ramp(AutomationScale::value, 0.0, 1.0, shape, tension).value_at(1.5);
  };
  EXPECT_DOUBLE_EQ(quarter(AutomationShape::linear), 0.25);
  EXPECT_DOUBLE_EQ(quarter(AutomationShape::hold), 0.0);
  EXPECT_DOUBLE_EQ(quarter(AutomationShape::slow_start_end), 0.15625);
  EXPECT_DOUBLE_EQ(quarter(AutomationShape::fast_start), 1.0 - 0.421875);
  EXPECT_DOUBLE_EQ(quarter(AutomationShape::fast_end), 0.015625);
  EXPECT_LT(quarter(AutomationShape::bezier, 0.8), quarter(AutomationShape::bezier, 0.0));
  EXPECT_GT(quarter(AutomationShape::bezier, -0.8), quarter(AutomationShape::bezier, 0.0));
}

TEST(Automation, StaysBetweenItsPointsOnEveryShape) {
  for (int shape = 0; shape < 6; ++shape) {
    for (const double tension : {-1.0, -0.5, 0.0, 0.5, 1.0}) {
      const Automation curve =
          ramp(AutomationScale::value, 0.2, 0.9, static_cast<AutomationShape>(shape), tension);
      double last = curve.value_at(1.0);
      for (double t = 1.0; t <= 3.0; t += 0.01) {
        const double value = curve.value_at(t);
        EXPECT_GE(value, last - 1e-9);
        EXPECT_LE(value, 0.9 + 1e-9);
        last = value;
      }
    }
  }
}

// A change multiplies every point; on scales of equal dB the whole curve moves by it. Ardour's law is bent,
// so between the points it differs, by less the nearer the points are.
TEST(Automation, MovesWithItsPointsOnScalesOfDecibelsAndAmplitude) {
  for (const auto scale : {AutomationScale::value, AutomationScale::decibels}) {
    const Automation before = ramp(scale, ratio(-3.0), ratio(-15.0));
    Automation after = before;
    for (AutomationPoint& point : after.points) point.value *= ratio(4.5);
    for (double t = 0.0; t < 4.0; t += 0.1)
      EXPECT_NEAR(db(after.value_at(t)) - db(before.value_at(t)), 4.5, 1e-9);
  }
}

TEST(GainControl, IsReplacedOrMultipliedByItsAutomation) {
  GainControl control{0.5, ramp(AutomationScale::value, 0.25, 0.75)};
  EXPECT_DOUBLE_EQ(control.ratio_at(2.0), 0.5);
  EXPECT_DOUBLE_EQ(control.greatest(), 0.75);
  control.playback = GainControl::Playback::multiplies;
  EXPECT_DOUBLE_EQ(control.ratio_at(0.0), 0.125);
  EXPECT_DOUBLE_EQ(control.least(), 0.125);
}

}  // namespace
}  // namespace gainstage
