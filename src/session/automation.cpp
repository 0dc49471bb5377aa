// SPDX-License-Identifier: MIT
#include "session/automation.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace gainstage {
namespace {

// Ardour's fader: position ((6 log2 g + 192) / 198)^8, 1 at its greatest gain of 2 (measured against its
// export).
double to_ardour_position(double ratio) {
  if (ratio <= 0.0) return 0.0;
  return std::pow(std::max(0.0, 6.0 * std::log2(ratio) + 192.0) / 198.0, 8.0);
}
double from_ardour_position(double position) {
  if (position <= 0.0) return 0.0;
  return std::exp2((198.0 * std::pow(position, 0.125) - 192.0) / 6.0);
}

// REAPER's fader, 0 .. 1000 at +12 dB. The law is not published; these two pieces follow what users read off
// it: a parabola of the dB down to -23.1 dB, a power of the amplitude under it. They meet there.
constexpr double reaper_bend_db = -23.1;
constexpr double reaper_at_zero = 714.7520864;
constexpr double reaper_slope = 21.62084026;
constexpr double reaper_curvature = 0.1907747361;
constexpr double reaper_decay = 0.03534017;  // Per dB.

double reaper_parabola(double db) { return reaper_at_zero + (reaper_slope + reaper_curvature * db) * db; }
double to_reaper_position(double ratio) {
  if (ratio <= 0.0) return 0.0;
  const double db = 20.0 * std::log10(ratio);
  if (db >= reaper_bend_db) return reaper_parabola(db);
  return reaper_parabola(reaper_bend_db) * std::exp(reaper_decay * (db - reaper_bend_db));
}
double from_reaper_position(double position) {
  if (position <= 0.0) return 0.0;
  const double bend = reaper_parabola(reaper_bend_db);
  const double db =
      position < bend
          ? reaper_bend_db + std::log(position / bend) / reaper_decay
          : (std::sqrt(reaper_slope * reaper_slope + 4.0 * reaper_curvature * (position - reaper_at_zero)) -
             reaper_slope) /
                (2.0 * reaper_curvature);
  return std::pow(10.0, db / 20.0);
}

double to_scale(AutomationScale scale, double value) {
  switch (scale) {
    case AutomationScale::value:
      return value;
    case AutomationScale::decibels:
      return std::log2(value);
    case AutomationScale::ardour_fader:
      return to_ardour_position(value);
    case AutomationScale::reaper_fader:
      return to_reaper_position(value);
  }
  return value;
}

double from_scale(AutomationScale scale, double position) {
  switch (scale) {
    case AutomationScale::value:
      return position;
    case AutomationScale::decibels:
      return std::exp2(position);
    case AutomationScale::ardour_fader:
      return from_ardour_position(position);
    case AutomationScale::reaper_fader:
      return from_reaper_position(position);
  }
  return position;
}

double cubic(double a, double b, double c, double d, double t) {
  const double u = 1.0 - t;
  return u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d;
}

struct Handle {
  double seconds;
  double position;
};

/// The tension pulls a handle towards the later time and the earlier value, or the other way round.
Handle pulled(Handle handle, double tension, Handle from, Handle to) {
  if (tension > 0.0) {
    handle.seconds += tension * (to.seconds - handle.seconds);
    handle.position -= tension * (handle.position - from.position);
  } else {
    handle.seconds += tension * (handle.seconds - from.seconds);
    handle.position -= tension * (to.position - handle.position);
  }
  handle.seconds = std::clamp(handle.seconds, from.seconds, to.seconds);
  return handle;
}

/// REAPER's bezier: cardinal handles a quarter of the way along, bent by the tension.
double bezier(Handle before, Handle from, Handle to, Handle after, double tension, double seconds) {
  constexpr double reach = 0.25;
  const auto slope = [](Handle a, Handle b) {
    return b.seconds > a.seconds ? (b.position - a.position) / (b.seconds - a.seconds) : 0.0;
  };
  const double step = reach * (to.seconds - from.seconds);
  const Handle first =
      pulled({from.seconds + step, from.position + step * slope(before, to)}, tension, from, to);
  const Handle second =
      pulled({to.seconds - step, to.position - step * slope(from, after)}, tension, from, to);
  double low = 0.0;
  double high = 1.0;
  for (int halving = 0; halving < 40; ++halving) {
    const double middle = 0.5 * (low + high);
    const double at = cubic(from.seconds, first.seconds, second.seconds, to.seconds, middle);
    (at < seconds ? low : high) = middle;
  }
  return cubic(from.position, first.position, second.position, to.position, high);
}

double eased(AutomationShape shape, double t) {
  switch (shape) {
    case AutomationShape::hold:
      return 0.0;
    case AutomationShape::slow_start_end:
      return t * t * (3.0 - 2.0 * t);
    case AutomationShape::fast_start:
      return 1.0 - (1.0 - t) * (1.0 - t) * (1.0 - t);
    case AutomationShape::fast_end:
      return t * t * t;
    case AutomationShape::linear:
    case AutomationShape::bezier:
      break;
  }
  return t;
}

}  // namespace

double Automation::value_at(double seconds) const {
  assert(!points.empty());
  const auto next =
      std::upper_bound(points.begin(), points.end(), seconds,
                       [](double at, const AutomationPoint& point) { return at < point.seconds; });
  if (next == points.begin()) return points.front().value;
  const AutomationPoint& from = *std::prev(next);
  if (next == points.end() || from.shape == AutomationShape::hold) return from.value;
  if (from.value == next->value && from.shape != AutomationShape::bezier) return from.value;
  // Nothing is at minus infinity on a scale of decibels: a ramp from or to silence runs straight in
  // amplitude.
  const bool has_no_db = scale == AutomationScale::decibels && !(from.value > 0.0 && next->value > 0.0);
  const AutomationScale straight_on = has_no_db ? AutomationScale::value : scale;
  const auto handle = [&](const AutomationPoint& point) {
    return Handle{point.seconds, to_scale(straight_on, point.value)};
  };
  const Handle a = handle(from);
  const Handle b = handle(*next);
  if (from.shape == AutomationShape::bezier) {
    const auto at = std::prev(next);
    const Handle before = at == points.begin() ? a : handle(*std::prev(at));
    const Handle after = std::next(next) == points.end() ? b : handle(*std::next(next));
    return from_scale(straight_on, bezier(before, a, b, after, from.tension, seconds));
  }
  const double t = eased(from.shape, (seconds - from.seconds) / (next->seconds - from.seconds));
  return from_scale(straight_on, a.position + t * (b.position - a.position));
}

bool Automation::moves_after(std::size_t point) const {
  if (point + 1 >= points.size()) return false;
  const AutomationPoint& from = points[point];
  if (from.shape == AutomationShape::hold || points[point + 1].seconds <= from.seconds) return false;
  return from.shape == AutomationShape::bezier || from.value != points[point + 1].value;
}

}  // namespace gainstage
