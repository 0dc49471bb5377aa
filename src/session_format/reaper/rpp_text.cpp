// SPDX-License-Identifier: MIT
#include "session_format/reaper/rpp_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gainstage {

std::optional<double> parse_rpp_number(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0.0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string rpp_number(double value) {
  std::string text = fmt::format("{:.14f}", value);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string rpp_string(std::string_view text) {
  std::string plain(text);
  for (char& c : plain) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  constexpr std::string_view quotes = "\"'`";
  const bool is_bare = !plain.empty() && plain.find(' ') == std::string::npos &&
                       quotes.find(plain.front()) == std::string_view::npos;
  if (is_bare) return plain;
  for (const char quote : quotes) {
    if (plain.find(quote) == std::string::npos) return quote + plain + quote;
  }
  std::replace(plain.begin(), plain.end(), '`', '\'');
  return '`' + plain + '`';
}

}  // namespace gainstage
