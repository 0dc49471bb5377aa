// SPDX-License-Identifier: MIT
// The units in which DAWproject states a level, and the amplitude ratios they mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

namespace gainstage::dawproject {

/// Of `unit` on parameters and points. The format gives levels no law of their own for `normalized` and
/// `percent`: they are taken as amplitude, 1 and 100 being 0 dB.
enum class LevelUnit { linear, normalized, percent, decibel };

/// Absent: a unit that no level has (hertz, beats...).
std::optional<LevelUnit> parse_level_unit(std::string_view name);

/// Amplitude ratio of a value. Absent: no level (negative, not a number, plus infinity).
std::optional<double> to_ratio(LevelUnit unit, double value);

/// The value that is `gain` over this one.
double moved(LevelUnit unit, double value, Db gain);

/// The value that a level has.
double level_at(LevelUnit unit, Db level);

/// As an attribute holds it: fixed notation, nine significant digits, at least six decimals; "-inf" for
/// silence.
std::string text_of_level(double value);

/// What a reader holds at least where the parameter states no `max`: amplitude 2 (+6.02 dB), the ceiling of
/// Bitwig's and Cubase's faders (Studio One's is higher), but 1 and 100 where the unit ends there by
/// definition.
double greatest_ratio_without_max(LevelUnit unit);

}  // namespace gainstage::dawproject
