// SPDX-License-Identifier: MIT
#include "values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/nearest_word.h"

namespace gainstage::cli {
namespace {

tl::unexpected<Error> wrong_use(std::string sentence) {
  return failure(ErrorCode::usage, std::move(sentence));
}

struct Assignment {
  std::string name;
  std::string_view value;
};

/// The two sides of the '=' at `equals`; both must hold something.
Result<Assignment> split(std::string_view text, std::size_t equals, std::string_view expected) {
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    return wrong_use(fmt::format("'{}' is not {}", text, expected));
  }
  return Assignment{std::string(text.substr(0, equals)), text.substr(equals + 1)};
}

}  // namespace

Result<double> parse_number(std::string_view text) {
  std::string_view digits = text;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || !std::isfinite(value)) {
    return wrong_use(fmt::format("'{}' is not a number", text));
  }
  return value;
}

Result<double> parse_number(const Option& option, std::string_view text) {
  const auto value = parse_number(text);
  if (!value) {
    return wrong_use(fmt::format("--{}: '{}' is not a number of {}", option.name, text, option.unit));
  }
  if (*value < option.min || *value > option.max) {
    return wrong_use(fmt::format("--{}: {} is outside {:g} to {:g} {}", option.name, text, option.min,
                                 option.max, option.unit));
  }
  if (option.kind == Kind::count && *value != std::floor(*value)) {
    return wrong_use(fmt::format("--{}: {} is not a whole number", option.name, text));
  }
  return value;
}

Result<std::pair<std::string, Role>> parse_role(std::string_view text) {
  const auto parts = split(text, text.rfind('='), "TRACK=ROLE, as in 'kick.wav=kick'");
  if (!parts) return tl::unexpected(parts.error());
  const auto role = role_by_name(parts->value);
  if (role) return std::pair(parts->name, *role);
  std::vector<std::string> names;
  for (const RoleInfo& entry : all_roles()) names.emplace_back(entry.name);
  const auto nearest = nearest_word(parts->value, names);
  return wrong_use(fmt::format("no role is called '{}'; {}`gainstage roles` lists them", parts->value,
                               nearest ? "did you mean '" + *nearest + "'? " : ""));
}

Result<std::pair<std::string, GainRange>> parse_range(const Option& option, std::string_view text) {
  constexpr std::string_view expected = "TRACK=LO..HI, as in 'pad.wav=-6..0'";
  const auto parts = split(text, text.rfind('='), expected);
  if (!parts) return tl::unexpected(parts.error());
  const std::size_t dots = parts->value.find("..");
  if (dots == std::string_view::npos) return wrong_use(fmt::format("'{}' is not {}", text, expected));
  const auto low = parse_number(option, parts->value.substr(0, dots));
  if (!low) return tl::unexpected(low.error());
  const auto high = parse_number(option, parts->value.substr(dots + 2));
  if (!high) return tl::unexpected(high.error());
  if (*low > *high) {
    return wrong_use(fmt::format("'{}': the range is empty; write the lower limit first, as in -6..3", text));
  }
  return std::pair(parts->name, GainRange{{*low}, {*high}});
}

Result<TrackGroup> parse_group(std::string_view text) {
  const auto parts = split(text, text.find('='), "NAME=TRACK,TRACK, as in 'choir=alto.wav,bass.wav'");
  if (!parts) return tl::unexpected(parts.error());
  TrackGroup group{parts->name, {""}};
  for (std::size_t i = 0; i < parts->value.size(); ++i) {
    const char c = parts->value[i];
    const bool is_escape = c == '\\' && i + 1 < parts->value.size() &&
                           (parts->value[i + 1] == ',' || parts->value[i + 1] == '\\');
    if (is_escape) {
      group.tracks.back() += parts->value[++i];
    } else if (c == ',') {
      group.tracks.emplace_back();
    } else {
      group.tracks.back() += c;
    }
  }
  if (std::ranges::any_of(group.tracks, &std::string::empty)) {
    return wrong_use(fmt::format("'{}' names a track of no name; commas stand between tracks only", text));
  }
  if (group.tracks.size() < 2) {
    return wrong_use(fmt::format("'{}' has one track; a group needs at least two", text));
  }
  return group;
}

std::string group_text(const std::string& name, const std::vector<std::string>& tracks) {
  std::string text = name + '=';
  for (std::size_t t = 0; t < tracks.size(); ++t) {
    if (t > 0) text += ',';
    for (char c : tracks[t]) {
      if (c == ',' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

Result<std::vector<Band>> parse_order(std::string_view text) {
  const auto wrong = [&] {
    return wrong_use(
        fmt::format("'{}' does not hold low, mid, high and effects once each, separated by commas", text));
  };
  std::vector<Band> order;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const auto band = band_by_name(rest.substr(0, comma));
    if (!band || std::ranges::find(order, *band) != order.end()) return wrong();
    order.push_back(*band);
    if (comma == rest.size()) break;
    rest.remove_prefix(comma + 1);
  }
  if (order.size() != 4) return wrong();
  return order;
}

std::string_view key_of(const Option& option, std::string_view text) {
  switch (option.kind) {
    case Kind::role:
    case Kind::range:
      return text.substr(0, text.rfind('='));
    case Kind::group:
      return text.substr(0, text.find('='));
    default:
      return {};
  }
}

}  // namespace gainstage::cli
