// SPDX-License-Identifier: MIT
// Who may ask, and for what. docs/desk-api.md, "Getting in", as code; knows no socket.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "desk/server/address.h"
#include "desk/server/http_message.h"
#include "desk/server/token.h"
#include "desk/server/web_files.h"

namespace gainstage::desk {

/// What GET /api/NAME gives, as JSON text; none where there is none yet.
using DocumentReader = std::function<std::optional<std::string>(std::string_view name)>;

struct Route {
  enum class Kind {
    answer,   ///< `response` is it.
    command,  ///< The request's body is one.
    socket,   ///< Becomes a WebSocket.
  };
  Kind kind = Kind::answer;
  HttpResponse response = {};
};

class Router {
 public:
  Router(OwnHosts hosts, Token token, std::span<const WebFile> files, DocumentReader documents);

  Route route(const HttpRequest& request) const;
  /// The headers of every response: what the page may load, and that nobody else may use it.
  void add_headers(HttpResponse& response) const;

  /// The address that lets a browser in.
  std::string entry_url() const;

 private:
  std::optional<HttpResponse> refusal(const HttpRequest& request, std::string_view path) const;
  HttpResponse entry(const HttpRequest& request) const;
  HttpResponse file(std::string_view path) const;
  HttpResponse document(std::string_view name) const;

  OwnHosts hosts_;
  Token token_;
  std::string cookie_;
  std::span<const WebFile> files_;
  DocumentReader documents_;
};

}  // namespace gainstage::desk
