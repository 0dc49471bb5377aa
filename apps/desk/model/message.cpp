// SPDX-License-Identifier: MIT
#include "message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gainstage::desk {
namespace {

constexpr std::size_t longest_text = 200;
constexpr std::size_t longest_shown = 60;

tl::unexpected<Error> wrong(const char* name, const std::string& expected, const Json* found) {
  return failure(ErrorCode::usage, fmt::format("\"{}\" must be {}; {}.", name, expected,
                                               found ? "it is " + shown(*found) : "it is missing"));
}

const Json* find(const Json& json, const char* name) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

}  // namespace

std::string shown(const Json& json) {
  std::string text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > longest_shown) text = text.substr(0, longest_shown) + "...";
  return text;
}

Result<std::string> Message::text(const char* name) const {
  const Json* const found = find(json_, name);
  if (!found || !found->is_string()) return wrong(name, "a text", found);
  std::string text = found->get<std::string>();
  const bool has_control =
      std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (text.empty() || text.size() > longest_text || has_control)
    return wrong(name, fmt::format("a text of 1 to {} bytes without control characters", longest_text), found);
  return text;
}

Result<std::optional<std::string>> Message::text_or_null(const char* name) const {
  const Json* const found = find(json_, name);
  if (found && found->is_null()) return std::nullopt;
  if (!found) return wrong(name, "a text or null", found);
  auto given = text(name);
  if (!given) return tl::unexpected(given.error());
  return *std::move(given);
}

Result<bool> Message::flag(const char* name) const {
  const Json* const found = find(json_, name);
  if (!found || !found->is_boolean()) return wrong(name, "true or false", found);
  return found->get<bool>();
}

Result<bool> Message::flag(const char* name, bool fallback) const {
  return find(json_, name) ? flag(name) : Result<bool>(fallback);
}

Result<double> Message::number(const char* name, double least, double greatest) const {
  const Json* const found = find(json_, name);
  const auto expected = [&] { return fmt::format("a number from {:g} to {:g}", least, greatest); };
  if (!found || !found->is_number()) return wrong(name, expected(), found);
  const double value = found->get<double>();
  if (!(value >= least && value <= greatest)) return wrong(name, expected(), found);
  return value;
}

Result<std::optional<double>> Message::number_or_null(const char* name, double least, double greatest) const {
  const Json* const found = find(json_, name);
  if (found && found->is_null()) return std::nullopt;
  if (!found) return wrong(name, fmt::format("null or a number from {:g} to {:g}", least, greatest), found);
  const auto value = number(name, least, greatest);
  if (!value) return tl::unexpected(value.error());
  return *value;
}

Result<std::size_t> Message::strip(const StageTable& table) const {
  const Json* const found = find(json_, "strip");
  if (!found || !found->is_string()) return wrong("strip", "the id of a strip, as \"s0\"", found);
  const auto index = table.find(found->get_ref<const std::string&>());
  if (!index) return wrong("strip", "the id of a strip of this session", found);
  return *index;
}

Result<std::optional<std::size_t>> Message::strip_or_null(const StageTable& table) const {
  const Json* const found = find(json_, "strip");
  if (found && found->is_null()) return std::nullopt;
  if (!found) return wrong("strip", "the id of a strip, or null", found);
  const auto index = strip(table);
  if (!index) return tl::unexpected(index.error());
  return *index;
}

Result<std::optional<double>> Message::gesture() const {
  const Json* const found = find(json_, "gesture");
  if (!found || found->is_null()) return std::nullopt;
  if (!found->is_number()) return wrong("gesture", "a number", found);
  const double value = found->get<double>();
  if (!std::isfinite(value)) return wrong("gesture", "a number", found);
  return value;
}

}  // namespace gainstage::desk
