// SPDX-License-Identifier: MIT
// The values of options, from text. Strict: the whole text counts, in no locale, and what is not understood
// is an error.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "option.h"
#include "session/role.h"
#include "staging/options.h"

namespace gainstage::cli {

/// A finite number in decimal notation, as "-18.5" or "1e-3". A leading '+' is fine.
Result<double> parse_number(std::string_view text);
/// A number within the option's range; the error names the option, its unit and its range.
Result<double> parse_number(const Option& option, std::string_view text);

/// TRACK=ROLE, split at the last '=', since a track's name may hold one.
Result<std::pair<std::string, Role>> parse_role(std::string_view text);
/// TRACK=LO..HI, split at the last '='.
Result<std::pair<std::string, GainRange>> parse_range(const Option& option, std::string_view text);
/// NAME=TRACK,TRACK, split at the first '='. In a track's name '\,' is a comma and '\\' a backslash.
Result<TrackGroup> parse_group(std::string_view text);
/// A group's text, so that parse_group() gives it back.
std::string group_text(const std::string& name, const std::vector<std::string>& tracks);
/// Every band once, separated by commas.
Result<std::vector<Band>> parse_order(std::string_view text);

/// What tells the values of one option apart: the track of TRACK=ROLE, the name of NAME=TRACK,TRACK. Empty
/// for options whose values have no such key.
std::string_view key_of(const Option& option, std::string_view text);

}  // namespace gainstage::cli
