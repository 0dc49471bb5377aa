// SPDX-License-Identifier: MIT
#include "session_format/dawproject/warp_map.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace gainstage::dawproject {
namespace {

constexpr double rate_tolerance = 1e-5;
constexpr double time_tolerance_s = 1e-5;  // Half a sample at 48 kHz.

struct WarpPoint {
  double time = 0.0;
  double content = 0.0;
};

// Beyond the ends the first and the last stretch go on.
double content_at(const std::vector<WarpPoint>& points, double time) {
  const auto next = std::upper_bound(points.begin() + 1, points.end() - 1, time,
                                     [](double value, const WarpPoint& point) { return value < point.time; });
  const WarpPoint& from = *(next - 1);
  const double length = next->time - from.time;
  return length > 0.0 ? from.content + (time - from.time) / length * (next->content - from.content)
                      : from.content;
}

}  // namespace

std::optional<WarpedContent> read_warps(ProjectReading& reading, const TempoMap& tempo, pugi::xml_node warps,
                                        const Placement& place, double begin_s, double end_s) {
  std::vector<WarpPoint> points;
  for (const pugi::xml_node warp : warps.children("Warp")) {
    points.push_back({reading.number(warp, "time", 0.0), reading.number(warp, "contentTime", 0.0)});
  }
  const TimeUnit unit = reading.time_unit(warps, "contentTimeUnit", place.unit);
  reading.spend(points.size(), warps);
  if (reading.is_refused() || points.size() < 2) return std::nullopt;
  std::stable_sort(points.begin(), points.end(),
                   [](const WarpPoint& a, const WarpPoint& b) { return a.time < b.time; });

  const double begin = std::isfinite(begin_s) ? place.time(tempo, begin_s) : points.front().time;
  const double end = std::isfinite(end_s) ? place.time(tempo, end_s) : std::max(begin, points.back().time);
  // Between two of these times content and session run in step, or the speed would have changed.
  std::vector<double> times{begin, end};
  for (const WarpPoint& point : points) {
    if (point.time > begin && point.time < end) times.push_back(point.time);
  }
  if (place.unit != unit) {
    const auto& knots = tempo.knots();
    const double first = tempo.beats(place.seconds(tempo, begin));
    const double last = tempo.beats(place.seconds(tempo, end));
    for (auto knot = std::upper_bound(knots.begin(), knots.end(), first); knot != knots.end() && *knot < last;
         ++knot) {
      times.push_back(std::clamp(place.time(tempo, tempo.seconds(*knot)), begin, std::max(begin, end)));
    }
  }
  reading.spend(times.size(), warps);
  std::sort(times.begin(), times.end());

  // The session's time in the content's unit, so that content at its own speed moves by as much.
  const auto own = [&](double time) {
    const double seconds = place.seconds(tempo, time);
    return unit == TimeUnit::beats ? tempo.beats(seconds) : seconds;
  };
  const double own_begin = own(begin);
  const double content_begin = content_at(points, begin);
  const double whole = own(end) - own_begin;
  double rate = whole > 0.0 ? (content_at(points, end) - content_begin) / whole : 1.0;
  if (std::abs(rate - 1.0) * whole <= rate_tolerance * whole + time_tolerance_s) rate = 1.0;
  for (const double time : times) {
    const double expected = (own(time) - own_begin) * rate;
    const double error = std::abs(content_at(points, time) - content_begin - expected);
    if (!(error <= rate_tolerance * std::abs(expected) + time_tolerance_s)) return std::nullopt;
  }
  return WarpedContent{.place = {unit, own_begin - content_begin}, .rate = rate, .offset = content_begin};
}

}  // namespace gainstage::dawproject
