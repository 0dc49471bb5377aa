// SPDX-License-Identifier: MIT
#include "session_format/dawproject/tempo_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gainstage::dawproject {
namespace {

constexpr double slowest_bpm = 0.001;
constexpr double fastest_bpm = 1e6;
constexpr int pieces_of_a_ramp = 16;

}  // namespace

TempoMap::TempoMap(double bpm) : segments_{Segment{.bpm = bpm}} {}

Result<TempoMap> TempoMap::read(std::span<const TempoPoint> points, TimeUnit unit) {
  for (const TempoPoint& point : points) {
    if (!(point.bpm >= slowest_bpm && point.bpm <= fastest_bpm) || !std::isfinite(point.time)) {
      return failure(ErrorCode::bad_input,
                     fmt::format("The tempo is {} bpm at {}; expected {} to {:.0f} bpm.", point.bpm,
                                 point.time, slowest_bpm, fastest_bpm));
    }
  }
  if (points.empty()) return TempoMap();
  TempoMap map(points.front().bpm);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const TempoPoint& point = points[i];
    Segment segment{.bpm = point.bpm, .unit = unit};
    segment.beat = unit == TimeUnit::beats ? point.time : map.beats(point.time);
    segment.second = unit == TimeUnit::beats ? map.seconds(point.time) : point.time;
    const bool has_next = i + 1 < points.size();
    const double length = has_next ? points[i + 1].time - point.time : 0.0;
    const bool is_ramp = point.is_ramp && length > 0.0 && points[i + 1].bpm != point.bpm;
    if (is_ramp) segment.slope = (points[i + 1].bpm - point.bpm) / length;
    if (i > 0 || point.time > 0.0 || is_ramp) map.knots_.push_back(segment.beat);
    map.segments_.push_back(segment);
    if (!is_ramp) continue;
    for (int piece = 1; piece < pieces_of_a_ramp; ++piece) {
      const double time = point.time + length * piece / pieces_of_a_ramp;
      map.knots_.push_back(unit == TimeUnit::beats ? time : map.beats(time));
    }
  }
  return map;
}

// The first segment has no beginning; each other one counts from its own.
const TempoMap::Segment& TempoMap::segment_of_beat(double beat) const {
  const auto after = std::upper_bound(segments_.begin() + 1, segments_.end(), beat,
                                      [](double value, const Segment& s) { return value < s.beat; });
  return *(after - 1);
}

const TempoMap::Segment& TempoMap::segment_of_second(double second) const {
  const auto after = std::upper_bound(segments_.begin() + 1, segments_.end(), second,
                                      [](double value, const Segment& s) { return value < s.second; });
  return *(after - 1);
}

// A beat takes 60 / bpm seconds. With bpm = b + s x over beats x that integrates to 60/s ln(1 + s x / b);
// with bpm = b + s t over seconds t, beats are (b t + s t^2 / 2) / 60.
double TempoMap::seconds(double beats) const {
  const Segment& from = segment_of_beat(beats);
  const double x = beats - from.beat;
  if (from.slope == 0.0) return from.second + 60.0 * x / from.bpm;
  if (from.unit == TimeUnit::beats) {
    return from.second + 60.0 / from.slope * std::log1p(from.slope * x / from.bpm);
  }
  const double root = std::sqrt(std::max(0.0, from.bpm * from.bpm + 120.0 * from.slope * x));
  return from.second + 120.0 * x / (from.bpm + root);
}

double TempoMap::beats(double seconds) const {
  const Segment& from = segment_of_second(seconds);
  const double t = seconds - from.second;
  if (from.slope == 0.0) return from.beat + from.bpm * t / 60.0;
  if (from.unit == TimeUnit::beats) {
    return from.beat + from.bpm / from.slope * std::expm1(from.slope * t / 60.0);
  }
  return from.beat + (from.bpm * t + 0.5 * from.slope * t * t) / 60.0;
}

}  // namespace gainstage::dawproject
