// SPDX-License-Identifier: MIT
// A request and a response as plain values: what the rest of the server knows of HTTP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gainstage::desk {

using Header = std::pair<std::string, std::string>;

struct HttpRequest {
  std::string method;  ///< As it was sent: "GET".
  std::string target;  ///< Path and query, not decoded.
  std::vector<Header> headers;
  std::string body;
  bool is_upgrade = false;  ///< Asks for a WebSocket.

  /// The value of a header, whatever the case of its name; none where it is absent. Of several the first.
  std::optional<std::string_view> header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
};

struct HttpResponse {
  unsigned status = 200;
  std::vector<Header> headers;
  std::string body;

  void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

/// The same characters, but for the case of A to Z.
bool is_same_word(std::string_view a, std::string_view b);

/// A sentence as plain text.
HttpResponse plain_response(unsigned status, std::string_view sentence);
HttpResponse json_response(unsigned status, std::string text);

}  // namespace gainstage::desk
