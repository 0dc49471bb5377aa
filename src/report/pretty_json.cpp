// SPDX-License-Identifier: MIT
#include <algorithm>

#include "report/report.h"

namespace gainstage {
namespace {

std::string scalar(const Json& json) {
  // Names of files need not be UTF-8; JSON text must be.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void write(const Json& json, std::size_t depth, std::string& text) {
  const std::string inner(2 * (depth + 1), ' ');
  const std::string outer(2 * depth, ' ');
  if (json.is_object() && !json.empty()) {
    text += '{';
    const char* separator = "\n";
    for (const auto& [name, value] : json.items()) {
      text += separator + inner + scalar(Json(name)) + ": ";
      write(value, depth + 1, text);
      separator = ",\n";
    }
    text += '\n' + outer + '}';
    return;
  }
  const bool is_nested =
      json.is_array() && std::ranges::any_of(json, [](const Json& entry) { return entry.is_structured(); });
  if (!is_nested) {
    text += scalar(json);
    return;
  }
  text += '[';
  const char* separator = "\n";
  for (const Json& entry : json) {
    text += separator + inner;
    write(entry, depth + 1, text);
    separator = ",\n";
  }
  text += '\n' + outer + ']';
}

}  // namespace

std::string pretty(const Json& json) {
  std::string text;
  write(json, 0, text);
  return text + '\n';
}

}  // namespace gainstage
