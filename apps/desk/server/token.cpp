// SPDX-License-Identifier: MIT
#include "desk/server/token.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>

namespace gainstage::desk {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Calls `part` for each of what `mark` separates.
template <typename Part>
void split(std::string_view text, char mark, Part part) {
  while (!text.empty()) {
    const auto end = text.find(mark);
    part(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

Result<Token> Token::make() {
  std::array<unsigned char, 16> bytes{};
  // The system's random source: blocks until it is seeded, and gives up to 256 bytes as a whole.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return failure(ErrorCode::io, "The system gives no random bytes for the desk's token.");
  }
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return Token(std::move(text));
}

bool Token::is(std::string_view given) const {
  if (given.size() != text_.size() || text_.empty()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(text_[i]));
  }
  return difference == 0;
}

std::string cookie_name(std::uint16_t port) { return fmt::format("gainstage_desk_{}", port); }

std::string cookie_setting(std::string_view name, const Token& token) {
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", name, token.text());
}

bool carries_token(const HttpRequest& request, std::string_view cookie, const Token& token) {
  bool is_there = false;
  if (const auto authorization = request.header("Authorization")) {
    constexpr std::string_view scheme = "Bearer ";
    const bool is_bearer = authorization->size() > scheme.size() &&
                           is_same_word(authorization->substr(0, scheme.size()), scheme);
    // Who names a token is judged by it, whatever cookies come along.
    return is_bearer && token.is(trimmed(authorization->substr(scheme.size())));
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_same_word(name, "Cookie")) continue;
    split(value, ';', [&](std::string_view part) {
      part = trimmed(part);
      const auto equals = part.find('=');
      if (equals == std::string_view::npos || part.substr(0, equals) != cookie) return;
      if (token.is(part.substr(equals + 1))) is_there = true;
    });
  }
  return is_there;
}

std::string_view query_value(std::string_view target, std::string_view name) {
  const auto mark = target.find('?');
  if (mark == std::string_view::npos) return {};
  std::string_view found;
  split(target.substr(mark + 1), '&', [&](std::string_view part) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name) found = part.substr(equals + 1);
  });
  return found;
}

}  // namespace gainstage::desk
