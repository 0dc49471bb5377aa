// SPDX-License-Identifier: MIT
#include "desk/server/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gainstage::desk {
namespace {

constexpr std::size_t most_nesting = 16;
constexpr std::size_t longest_id = 64;

/// How deep brackets are nested at most, those in strings left out.
std::size_t nesting(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool is_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_string) {
      if (c == '\\') ++i;
      if (c == '"') is_string = false;
    } else if (c == '"') {
      is_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

const char* code_word(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::bad_input:
      return "bad_input";
    case ErrorCode::io:
      return "io";
    case ErrorCode::cancelled:
      return "cancelled";
  }
  return "usage";
}

}  // namespace

Result<Json> read_message(std::string_view text) {
  if (nesting(text) > most_nesting) return failure(ErrorCode::usage, "The message is nested too deep.");
  Json message = Json::parse(text.begin(), text.end(), nullptr, false);
  if (message.is_discarded()) return failure(ErrorCode::usage, "The message is not JSON.");
  const auto what = message.is_object() ? message.find("do") : message.end();
  if (!message.is_object() || what == message.end() || !what->is_string()) {
    return failure(ErrorCode::usage, "The message is not an object with a \"do\".");
  }
  const auto id = message.find("id");
  const bool is_named = id == message.end() || id->is_null() || id->is_number() ||
                        (id->is_string() && id->get_ref<const std::string&>().size() <= longest_id);
  if (!is_named) return failure(ErrorCode::usage, "The message's id is neither a number nor a short text.");
  return message;
}

std::string reply_text(const Json& message, const Result<void>& outcome) {
  const auto id = message.find("id");
  Json reply{{"re", id == message.end() ? Json() : *id}};
  if (outcome) {
    reply["ok"] = true;
  } else {
    reply["error"] = {{"code", code_word(outcome.error().code)}, {"sentence", outcome.error().sentence}};
  }
  return reply.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::optional<double>> optional_number_in(const Json& message, const char* field, double least,
                                                 double most) {
  const auto found = message.find(field);
  if (found == message.end() || found->is_null()) return std::nullopt;
  const double value = found->is_number() ? found->get<double>() : std::nan("");
  if (!(value >= least && value <= most)) {
    return failure(ErrorCode::usage, fmt::format("{} is a number from {} to {}.", field, least, most));
  }
  return value;
}

Result<double> number_in(const Json& message, const char* field, double least, double most) {
  const auto value = optional_number_in(message, field, least, most);
  if (!value) return tl::unexpected(value.error());
  if (!*value)
    return failure(ErrorCode::usage, fmt::format("{} is a number from {} to {}.", field, least, most));
  return **value;
}

}  // namespace gainstage::desk
