// SPDX-License-Identifier: MIT
// Numbers and strings as REAPER writes them into a project.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gainstage {

/// The whole word as a finite number; absent where it is none.
std::optional<double> parse_rpp_number(std::string_view word);

/// At most 14 decimals, no exponent, no zeros at the end. Finite numbers only.
std::string rpp_number(double value);

/// In the first of ", ' and ` that the text does not hold, or bare where it needs none. Control characters
/// become spaces, and ` becomes ' where all three are held.
std::string rpp_string(std::string_view text);

}  // namespace gainstage
