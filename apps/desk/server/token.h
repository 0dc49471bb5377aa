// SPDX-License-Identifier: MIT
// The secret that lets a browser or a script in, and where a request carries it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "desk/server/http_message.h"

namespace gainstage::desk {

class Token {
 public:
  /// 128 random bits from the system. Errors: io.
  static Result<Token> make();
  explicit Token(std::string text) : text_(std::move(text)) {}

  const std::string& text() const { return text_; }
  /// In a time that does not depend on where they differ.
  bool is(std::string_view given) const;

 private:
  std::string text_;
};

/// The name of the cookie. Cookies are shared by all ports of a host, so each desk has one of its own.
std::string cookie_name(std::uint16_t port);
/// The value of the header that sets it: for this session of the browser, out of scripts' reach.
std::string cookie_setting(std::string_view name, const Token& token);

/// Whether a request carries the token: as the cookie, or as "Authorization: Bearer TOKEN".
bool carries_token(const HttpRequest& request, std::string_view cookie, const Token& token);

/// The value of `name` in the query of a target; empty where it has none. Not decoded: a token needs no
/// escapes.
std::string_view query_value(std::string_view target, std::string_view name);

}  // namespace gainstage::desk
