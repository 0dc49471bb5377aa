// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <cmath>

#include "report/views.h"

namespace gainstage {
namespace {

/// Rounded as it is shown, without the sign of zero.
double shown(double value, double steps) {
  const double rounded = std::round(value * steps) / steps;
  return rounded == 0.0 ? 0.0 : rounded;
}

}  // namespace

std::string level_text(double value) {
  if (std::isnan(value)) return "?";
  if (std::isinf(value)) return value < 0.0 ? "silent" : "infinite";
  return fmt::format("{:.1f}", shown(value, 10.0));
}

std::string gain_text(Db gain) {
  if (!std::isfinite(gain.value)) return level_text(gain.value);
  return fmt::format("{:+.1f}", shown(gain.value, 10.0));
}

std::string time_text(double seconds) {
  const auto tenths = static_cast<long long>(std::floor(std::max(0.0, seconds) * 10.0 + 1e-6));
  const long long whole = tenths / 10;
  const long long hours = whole / 3600;
  const long long minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}.{}", minutes, whole % 60, tenths % 10);
}

}  // namespace gainstage
