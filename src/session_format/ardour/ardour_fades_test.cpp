// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "session_format/ardour/ardour_automation.h"
#include "session_format/ardour/test_session.h"

namespace gainstage::test {
namespace {

using ::testing::SizeIs;

Clip only_clip(const std::string& attributes, const std::string& inner) {
  Parts parts;
  parts.routes = track("2", "kick", amp("1"));
  parts.playlists = playlist(
      "2",
      fmt::format("<Region name='r' type='audio' start='a0' length='{}@{}' channels='1' source-0='s1' {}>{}"
                  "</Region>",
                  superclock(4.0), superclock(10.0), attributes, inner));
  return strip(must_read(session(parts)), "kick").clips.at(0);
}

std::string fade(std::string_view name, std::string_view events) {
  return fmt::format(
      "<{}><AutomationList automation-id='fade' interpolation-style='Curved'><events>{}</events>"
      "</AutomationList></{}>",
      name, events, name);
}

TEST(ArdourFades, LieAtTheEndsOfTheClip) {
  const std::string up = fmt::format("a0 0\n{} 1", superclock(1.0));
  const std::string down = fmt::format("a0 1\n{} 0", superclock(0.5));
  const Clip clip = only_clip("", fade("FadeIn", up) + fade("FadeOut", down));
  EXPECT_EQ(clip.fade_in->length_s, 1.0);
  EXPECT_EQ(clip.fade_in->curve.points.back().seconds, 1.0);
  EXPECT_EQ(clip.fade_out->length_s, 0.5);
  EXPECT_EQ(clip.fade_out->curve.points.front().seconds, 3.5);
  EXPECT_EQ(clip.fade_out->curve.points.back().seconds, 4.0);
  EXPECT_EQ(clip.fade_out->curve.points.back().value, 0.0);
}

TEST(ArdourFades, TakeAwayFromBelowByTheInverse) {
  const std::string up = fmt::format("a0 0\n{} 1", superclock(1.0));
  const std::string inverse = fmt::format("a0 0.9\n{} 0", superclock(1.0));
  const std::string both = fade("FadeIn", up) + fade("InverseFadeIn", inverse);
  EXPECT_EQ(only_clip("opaque='1'", both).fade_in->beneath->points[0].value, 0.9);
  EXPECT_FALSE(only_clip("opaque='0'", both).fade_in->beneath);
}

TEST(ArdourFades, AreShortWhereTheSessionDoesNotSay) {
  const Clip clip = only_clip("", "");
  EXPECT_NEAR(clip.fade_in->length_s, 64.0 / 48000.0, 1e-12);
  EXPECT_NEAR(clip.fade_in->curve.value_at(32.0 / 48000.0), std::sqrt(0.5), 0.01);
  EXPECT_NEAR(clip.fade_out->curve.value_at(4.0 - 32.0 / 48000.0), std::sqrt(0.5), 0.01);
  EXPECT_EQ(clip.fade_out->curve.value_at(4.0), 0.0);
}

TEST(ArdourFades, AreOffWhereTheSessionOrTheClipSaysSo) {
  const Clip clip = only_clip("fade-in-active='0' fade-out-active='0'", "");
  EXPECT_FALSE(clip.fade_in);
  EXPECT_FALSE(clip.fade_out);
  Parts parts;
  parts.routes = track("2", "kick", amp("1"));
  parts.playlists = playlist("2", region("r", 0.0, "", ""));
  parts.playlists.replace(parts.playlists.find("fade-in-active=\"0\""), 18, "fade-in-active=\"1\"");
  EXPECT_TRUE(strip(must_read(session(parts)), "kick").clips.at(0).fade_in);
  parts.more = "<Config><Option name='use-region-fades' value='0'/></Config>";
  EXPECT_FALSE(strip(must_read(session(parts)), "kick").clips.at(0).fade_in);
}

TEST(ArdourFades, HaveAnEnvelopeOnlyWhereItIsActive) {
  const std::string inner = fmt::format(
      "<Envelope><AutomationList automation-id='envelope' interpolation-style='Exponential' "
      "state='Off'><events>a0 "
      "1\n{} 0.5</events></AutomationList></Envelope>",
      superclock(4.0));
  const Clip clip = only_clip("envelope-active='1'", inner);
  ASSERT_TRUE(clip.envelope);
  EXPECT_EQ(clip.envelope->scale, AutomationScale::ardour_fader);
  EXPECT_EQ(clip.envelope->points[1].seconds, 4.0);
  EXPECT_FALSE(only_clip("envelope-active='0'", inner).envelope);
  EXPECT_FALSE(only_clip("envelope-active='1'", "<Envelope default='yes'/>").envelope);
}

// Kruger's law by its second derivatives, written as in the paper, not as in the code.
double kruger(const std::vector<AutomationPoint>& p, double x) {
  const std::size_t n = p.size();
  std::vector<double> slope(n);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const double before = (p[i].seconds - p[i - 1].seconds) / (p[i].value - p[i - 1].value);
    const double after = (p[i + 1].seconds - p[i].seconds) / (p[i + 1].value - p[i].value);
    slope[i] = before * after < 0.0 ? 0.0 : 2.0 / (after + before);
  }
  const auto chord = [&](std::size_t i) {
    return (p[i + 1].value - p[i].value) / (p[i + 1].seconds - p[i].seconds);
  };
  slope[0] = 1.5 * chord(0) - 0.5 * slope[1];
  slope[n - 1] = 1.5 * chord(n - 2) - 0.5 * slope[n - 2];
  std::size_t i = 1;
  while (i + 1 < n && x > p[i].seconds) ++i;
  const double x0 = p[i - 1].seconds, x1 = p[i].seconds, y0 = p[i - 1].value, y1 = p[i].value;
  const double dx = x1 - x0, dy = y1 - y0;
  const double second0 = -2.0 * (slope[i] + 2.0 * slope[i - 1]) / dx + 6.0 * dy / (dx * dx);
  const double second1 = 2.0 * (2.0 * slope[i] + slope[i - 1]) / dx - 6.0 * dy / (dx * dx);
  const double d = (second1 - second0) / (6.0 * dx);
  const double c = (x1 * second0 - x0 * second1) / (2.0 * dx);
  const double b = (dy - c * (x1 * x1 - x0 * x0) - d * (x1 * x1 * x1 - x0 * x0 * x0)) / dx;
  const double a = y0 - b * x0 - c * x0 * x0 - d * x0 * x0 * x0;
  return a + b * x + c * x * x + d * x * x * x;
}

TEST(ArdourFades, RunOnAConstrainedSpline) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> step(0.05, 0.3);
  for (int round = 0; round < 50; ++round) {
    Automation points;
    double time = 0.0;
    for (int i = 0; i < 8; ++i) points.points.push_back({time += step(random), step(random) * 3.0});
    const Automation curve = ardour::splined(points);
    for (double x = points.points.front().seconds; x < points.points.back().seconds; x += 0.003) {
      // Eight straight pieces a segment: the sagitta is an eighth of a piece's square times the second
      // derivative.
      EXPECT_NEAR(curve.value_at(x), std::max(0.0, kruger(points.points, x)), 0.02);
    }
    for (const auto& point : points.points) EXPECT_NEAR(curve.value_at(point.seconds), point.value, 1e-12);
  }
}

TEST(ArdourFades, StayBetweenTheirPoints) {
  Automation points;
  for (int i = 0; i <= 32; ++i) points.points.push_back({0.01 * i, 1.0 - std::pow(i / 32.0, 0.2)});
  const Automation curve = ardour::splined(points);
  for (std::size_t i = 1; i < curve.points.size(); ++i) {
    EXPECT_LE(curve.points[i].value, curve.points[i - 1].value + 1e-12);
  }
}

TEST(ArdourFades, OfTwoPointsAreStraight) {
  const Automation line{AutomationScale::value, {{0.0, 0.0}, {1.0, 1.0}}};
  EXPECT_THAT(ardour::splined(line).points, SizeIs(2));
}

TEST(ArdourFades, HaveAtMostEightPiecesHoweverFarTheirPointsAre) {
  const Automation far{AutomationScale::value, {{0.0, 0.0}, {1e30, 0.5}, {3e30, 1.0}}};
  EXPECT_THAT(ardour::splined(far).points, SizeIs(17));
}

}  // namespace
}  // namespace gainstage::test
