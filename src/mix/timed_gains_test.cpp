// SPDX-License-Identifier: MIT
#include "mix/timed_gains.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace gainstage {
namespace {

constexpr double rate_hz = 48000.0;

TimedGains of(const Automation& automation, double origin_s = 0.0) {
  const Automation* const list[]{&automation};
  return TimedGains(1, list, rate_hz, origin_s, [automation](double seconds, std::span<double> gains) {
    gains[0] = automation.value_at(seconds);
  });
}

std::vector<double> read(TimedGains& gains, Frames first, std::size_t frames, std::size_t block) {
  std::vector<double> values;
  for (std::size_t done = 0; done < frames; done += block) {
    const std::size_t count = std::min(block, frames - done);
    gains.for_each(first + static_cast<Frames>(done), count, [&](const TimedGains::Stretch& stretch) {
      EXPECT_EQ(stretch.first, values.size() - done);
      for (std::size_t k = 0; k < stretch.frames; ++k)
        values.push_back(stretch.begin[0] + stretch.step[0] * static_cast<double>(k));
    });
  }
  return values;
}

TEST(TimedGains, AreConstantToTheSampleOnPlateaus) {
  const Automation curve{
      AutomationScale::value,
      {{0.01, 0.5, AutomationShape::hold}, {0.02, 0.25, AutomationShape::hold}, {0.03, 1.0}}};
  TimedGains gains = of(curve);
  const auto values = read(gains, 0, 2000, 2000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double wanted = i < 960 ? 0.5 : i < 1440 ? 0.25 : 1.0;
    ASSERT_EQ(values[i], wanted) << i;
  }
}

TEST(TimedGains, FollowACurveClosely) {
  const Automation curve{AutomationScale::ardour_fader,
                         {{0.1, 0.1}, {0.3, 1.2}, {0.35, 1.2}, {0.35, 0.3}, {0.5, 0.9}}};
  TimedGains gains = of(curve, -0.05);
  const auto values = read(gains, 0, 30000, 30000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double at = -0.05 + static_cast<double>(i) / rate_hz;
    ASSERT_NEAR(values[i], curve.value_at(at), 1e-5) << i;
  }
}

TEST(TimedGains, DoNotDependOnHowTheSignalIsCut) {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> value(0.0, 2.0);
  Automation curve{AutomationScale::ardour_fader, {}};
  for (int i = 0; i < 40; ++i)
    curve.points.push_back(
        {0.013 * i, value(random), i % 3 == 0 ? AutomationShape::hold : AutomationShape::linear});
  TimedGains gains = of(curve);
  const auto whole = read(gains, -500, 30000, 30000);
  for (const std::size_t block : {1, 7, 32, 1000, 4801}) {
    const auto parts = read(gains, -500, 30000, block);
    for (std::size_t i = 0; i < whole.size(); ++i)
      ASSERT_NEAR(parts[i], whole[i], 1e-12) << block << " " << i;
  }
}

TEST(TimedGains, AreOneStretchWhereNothingMoves) {
  TimedGains gains(1, {}, rate_hz, 0.0, [](double, std::span<double> g) { g[0] = 0.7; });
  std::size_t stretches = 0;
  gains.for_each(-10, 100000, [&](const TimedGains::Stretch& stretch) {
    EXPECT_TRUE(stretch.is_constant);
    ++stretches;
  });
  EXPECT_EQ(stretches, 1u);
}

}  // namespace
}  // namespace gainstage
