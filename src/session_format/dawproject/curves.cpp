// SPDX-License-Identifier: MIT
#include "session_format/dawproject/curves.h"

#include <algorithm>
#include <cmath>

namespace gainstage::dawproject {
namespace {

constexpr int pieces = 64;

enum class Side { before, after };

// The value just before or just after a time; they differ where the curve jumps.
double value_beside(const Automation& curve, double seconds, Side side) {
  const auto& points = curve.points;
  const auto next = std::partition_point(points.begin(), points.end(), [&](const AutomationPoint& point) {
    return side == Side::after ? point.seconds <= seconds : point.seconds < seconds;
  });
  if (next == points.begin()) return next->value;
  const AutomationPoint& from = *(next - 1);
  if (next == points.end() || from.shape == AutomationShape::hold) return from.value;
  const double part = (seconds - from.seconds) / (next->seconds - from.seconds);
  if (curve.scale != AutomationScale::decibels) return from.value + part * (next->value - from.value);
  // Straight in dB. To or from minus infinity there is no straight line: silence until the other end.
  if (from.value <= 0.0 || next->value <= 0.0)
    return part < 1.0 ? std::min(from.value, next->value) : next->value;
  return from.value * std::pow(next->value / from.value, part);
}

double product_beside(const std::vector<Automation>& curves, double seconds, Side side) {
  double value = 1.0;
  for (const Automation& curve : curves) value *= value_beside(curve, seconds, side);
  return value;
}

}  // namespace

std::optional<double> constant_value(const Automation& curve) {
  const double first = curve.points.front().value;
  for (const AutomationPoint& point : curve.points) {
    if (point.value != first) return std::nullopt;
  }
  return first;
}

Automation shifted(Automation curve, double seconds) {
  for (AutomationPoint& point : curve.points) point.seconds += seconds;
  return curve;
}

std::optional<Automation> product(const std::vector<Automation>& curves, double begin_s, double end_s) {
  if (curves.empty()) return std::nullopt;
  if (curves.size() == 1) return curves.front();
  std::vector<double> times{begin_s, end_s};
  for (const Automation& curve : curves) {
    for (const AutomationPoint& point : curve.points) {
      if (point.seconds > begin_s && point.seconds < end_s) times.push_back(point.seconds);
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  Automation result;
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    const double from = times[i];
    const double length = times[i + 1] - from;
    result.points.push_back({.seconds = from, .value = product_beside(curves, from, Side::after)});
    for (int piece = 1; piece < pieces; ++piece) {
      const double seconds = from + length * piece / pieces;
      result.points.push_back({.seconds = seconds, .value = product_beside(curves, seconds, Side::after)});
    }
    result.points.push_back(
        {.seconds = times[i + 1], .value = product_beside(curves, times[i + 1], Side::before)});
  }
  return result;
}

std::optional<Automation> cut_ramp(const Ramp& ramp, double begin_s, double end_s) {
  const double from = std::max(ramp.from_s, begin_s);
  const double to = std::min(ramp.to_s, end_s);
  if (!(to > from)) return std::nullopt;
  const auto value_at = [&](double seconds) {
    const double part = (seconds - ramp.from_s) / (ramp.to_s - ramp.from_s);
    return ramp.way == Ramp::Way::up ? part : 1.0 - part;
  };
  Automation curve;
  curve.points.push_back({.seconds = from - begin_s, .value = value_at(from)});
  curve.points.push_back({.seconds = to - begin_s, .value = value_at(to)});
  return curve;
}

}  // namespace gainstage::dawproject
