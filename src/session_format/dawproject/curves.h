// SPDX-License-Identifier: MIT
// Curves of amplitude over time: moved, cut and multiplied.
#pragma once

#include <optional>
#include <vector>

#include "session/automation.h"

namespace gainstage::dawproject {

/// The one value of a curve that never moves; absent where it does.
std::optional<double> constant_value(const Automation& curve);

/// The curve with that much added to every time.
Automation shifted(Automation curve, double seconds);

/// The curves multiplied, from `begin_s` to `end_s`. A single curve stays as it is. The product of straight
/// lines is drawn in 64 straight pieces between two points: within 1/16384 of the product of the two changes
/// of value. Only the scales `value` and `decibels` and the shapes `linear` and `hold`.
std::optional<Automation> product(const std::vector<Automation>& curves, double begin_s, double end_s);

/// A straight line of amplitude from 0 to 1 (or from 1 to 0) between two times, as it stands between the two
/// others; times of the curve count from `begin_s`. Absent where the ramp has no part in it.
struct Ramp {
  double from_s = 0.0;
  double to_s = 0.0;
  enum class Way { up, down } way = Way::up;
};
std::optional<Automation> cut_ramp(const Ramp& ramp, double begin_s, double end_s);

}  // namespace gainstage::dawproject
