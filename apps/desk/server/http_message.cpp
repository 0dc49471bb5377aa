// SPDX-License-Identifier: MIT
#include "desk/server/http_message.h"

#include <algorithm>

namespace gainstage::desk {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (is_same_word(key, name)) return value;
  }
  return std::nullopt;
}

std::size_t HttpRequest::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [&](const Header& h) { return is_same_word(h.first, name); }));
}

HttpResponse plain_response(unsigned status, std::string_view sentence) {
  HttpResponse response{.status = status, .headers = {}, .body = std::string(sentence) + "\n"};
  response.set("Content-Type", "text/plain; charset=utf-8");
  return response;
}

HttpResponse json_response(unsigned status, std::string text) {
  HttpResponse response{.status = status, .headers = {}, .body = std::move(text)};
  response.set("Content-Type", "application/json");
  return response;
}

}  // namespace gainstage::desk
