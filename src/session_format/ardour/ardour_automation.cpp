// SPDX-License-Identifier: MIT
#include "session_format/ardour/ardour_automation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace gainstage::ardour {
namespace {

struct Interpolation {
  AutomationScale scale = AutomationScale::value;
  AutomationShape shape = AutomationShape::linear;
};

Interpolation interpolation_of(pugi::xml_node list, AutomationScale usual) {
  const std::string_view style = list.attribute("interpolation-style").value();
  if (style == "Discrete") return {AutomationScale::value, AutomationShape::hold};
  if (style == "Linear" || style == "Curved") return {};
  if (style == "Logarithmic") return {AutomationScale::decibels, AutomationShape::linear};
  if (style == "Exponential") return {AutomationScale::ardour_fader, AutomationShape::linear};
  return {usual, AutomationShape::linear};
}

/// Slopes of the spline at its points. Inside it is the harmonic mean of the slopes on both sides, 0 at a
/// turn; at the ends one and a half times the segment's less half the other point's.
std::vector<double> spline_slopes(const std::vector<AutomationPoint>& points) {
  const std::size_t count = points.size();
  std::vector<double> chords(count - 1);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    chords[i] = (points[i + 1].value - points[i].value) / (points[i + 1].seconds - points[i].seconds);
  }
  std::vector<double> slopes(count);
  for (std::size_t i = 1; i + 1 < count; ++i) {
    const double product = chords[i - 1] * chords[i];
    slopes[i] = product > 0.0 ? 2.0 * product / (chords[i - 1] + chords[i]) : 0.0;
  }
  slopes[0] = 1.5 * chords[0] - 0.5 * slopes[1];
  slopes[count - 1] = 1.5 * chords[count - 2] - 0.5 * slopes[count - 2];
  return slopes;
}

}  // namespace

bool is_playing(pugi::xml_node list) {
  const std::string_view state = list.attribute("state").value();
  return state == "Play" || state == "Touch" || state == "Latch";
}

ReadAutomation read_automation(Reading& reading, pugi::xml_node list, const Limits& limits,
                               AutomationScale usual, const std::string& strip, const std::string& what) {
  const auto [scale, shape] = interpolation_of(list, usual);
  ReadAutomation read;
  read.automation.scale = scale;
  const auto neutral = [&] {
    read.automation.points = {{0.0, limits.normal}};
    return read;
  };
  const pugi::xml_node node = list.child("events");
  const auto events = node ? events_of(reading.xml, node) : EventsInBytes{};
  if (!events) {
    reading.refuse(node, strip,
                   fmt::format("The automation of {} holds a value that is no number; expected a time and a "
                               "number on each line.",
                               what));
    return neutral();
  }
  reading.points += events->events.size();
  if (reading.points > most_points) {
    reading.refuse(node, strip, fmt::format("The session has more than {} automation points.", most_points));
    return neutral();
  }
  bool is_clamped = false;
  for (const auto& event : events->events) {
    const auto seconds = reading.clock.seconds(event.time);
    if (!seconds) {
      reading.refuse(
          node, strip,
          fmt::format("The automation of {} has a point at '{:.40}'; expected a time.", what, event.time));
      return neutral();
    }
    NumberInBytes number = event.number;
    number.value = std::clamp(number.value, limits.least, limits.greatest);
    is_clamped = is_clamped || number.value != event.number.value;
    read.automation.points.push_back({*seconds, number.value, shape, 0.0});
    read.numbers.push_back(number);
  }
  if (is_clamped) {
    reading.note("automation-beyond-limits", strip,
                 fmt::format("The automation of {} goes beyond {:g} .. {:g}; it plays within, as in Ardour.",
                             what, limits.least, limits.greatest));
  }
  auto& points = read.automation.points;
  if (!std::ranges::is_sorted(points, {}, &AutomationPoint::seconds)) {
    reading.note(
        "automation-out-of-order", strip,
        fmt::format("The automation of {} is not in the order of time; it is read in that order.", what));
    std::ranges::stable_sort(points, {}, &AutomationPoint::seconds);
  }
  read.is_patchable = events->is_patchable && !points.empty();
  if (!points.empty()) return read;
  reading.note("automation-empty", strip,
               fmt::format("The automation of {} is on and has no points: it plays {:g}, as in Ardour.", what,
                           limits.normal));
  return neutral();
}

Automation smoothed(Automation curve) {
  for (AutomationPoint& point : curve.points) point.seconds += gain_lag_s;
  return curve;
}

Automation splined(const Automation& curve) {
  const auto& points = curve.points;
  if (points.size() < 3) return curve;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].seconds <= points[i - 1].seconds) return curve;
  }
  const std::vector<double> slopes = spline_slopes(points);
  Automation dense{curve.scale, {}};
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double length = points[i + 1].seconds - points[i].seconds;
    // A straight line in each millisecond, at most eight a segment: less than 0.001 dB beside the spline.
    const int pieces = static_cast<int>(std::clamp(length * 1000.0, 1.0, 8.0));
    for (int k = 0; k < pieces; ++k) {
      const double x = static_cast<double>(k) / pieces;
      const double rest = 1.0 - x;
      const double value = points[i].value * (1.0 + 2.0 * x) * rest * rest +
                           points[i + 1].value * x * x * (3.0 - 2.0 * x) +
                           length * x * rest * (slopes[i] * rest - slopes[i + 1] * x);
      dense.points.push_back({points[i].seconds + x * length, std::max(0.0, value)});
    }
  }
  dense.points.push_back(points.back());
  return dense;
}

}  // namespace gainstage::ardour
