// SPDX-License-Identifier: MIT
#include "session_format/dawproject/level_unit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gainstage::dawproject {

std::optional<LevelUnit> parse_level_unit(std::string_view name) {
  if (name == "linear") return LevelUnit::linear;
  if (name == "normalized") return LevelUnit::normalized;
  if (name == "percent") return LevelUnit::percent;
  if (name == "decibel") return LevelUnit::decibel;
  return std::nullopt;
}

std::optional<double> to_ratio(LevelUnit unit, double value) {
  if (std::isnan(value) || value == std::numeric_limits<double>::infinity()) return std::nullopt;
  double ratio = value;
  if (unit == LevelUnit::decibel) ratio = to_ratio(Db{value});
  if (unit == LevelUnit::percent) ratio = value / 100.0;
  if (!(ratio >= 0.0) || !std::isfinite(ratio)) return std::nullopt;
  return ratio;
}

double moved(LevelUnit unit, double value, Db gain) {
  return unit == LevelUnit::decibel ? value + gain.value : value * to_ratio(gain);
}

double level_at(LevelUnit unit, Db level) {
  if (unit == LevelUnit::decibel) return level.value;
  return (unit == LevelUnit::percent ? 100.0 : 1.0) * to_ratio(level);
}

std::string text_of_level(double value) {
  if (std::isinf(value)) return value < 0.0 ? "-inf" : "inf";
  constexpr int digits = 9;
  const int before_point = value == 0.0 ? 1 : static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  return fmt::format("{:.{}f}", value, std::clamp(digits - before_point, 6, 20));
}

double greatest_ratio_without_max(LevelUnit unit) {
  return unit == LevelUnit::normalized || unit == LevelUnit::percent ? 1.0 : 2.0;
}

}  // namespace gainstage::dawproject
