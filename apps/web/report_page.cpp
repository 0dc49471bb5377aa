// SPDX-License-Identifier: MIT
#include "report_page.h"

#include <algorithm>

namespace gainstage {
namespace {

constexpr std::string_view block_begin = R"(<script id="gainstage-report" type="application/json">)";
constexpr std::string_view block_end = "</script>";

}  // namespace

std::string fill_report_page(std::string_view page, std::string_view json) {
  const auto begin = page.find(block_begin);
  if (begin == std::string_view::npos) return {};
  const auto content = begin + block_begin.size();
  const auto end = page.find(block_end, content);
  if (end == std::string_view::npos) return {};

  // HTML knows no escapes inside a script block: "</script" ends it and "<!--" changes how the rest is read.
  // In JSON '<' stands only within strings, where \u003c means the same.
  const auto open_brackets = static_cast<std::size_t>(std::count(json.begin(), json.end(), '<'));
  std::string filled;
  filled.reserve(page.size() + json.size() + 5 * open_brackets);
  filled.append(page.substr(0, content));
  for (const char c : json) {
    if (c == '<') {
      filled.append("\\u003c");
    } else {
      filled.push_back(c);
    }
  }
  filled.append(page.substr(end));
  return filled;
}

}  // namespace gainstage
