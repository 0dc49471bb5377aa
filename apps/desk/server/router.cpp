// SPDX-License-Identifier: MIT
#include "desk/server/router.h"

#include <fmt/format.h>

#include <algorithm>

namespace gainstage::desk {
namespace {

Route answer(HttpResponse response) { return {Route::Kind::answer, std::move(response)}; }

HttpResponse only(std::string_view methods, std::string_view path) {
  HttpResponse response = plain_response(405, fmt::format("{} is for {} only.", path, methods));
  response.set("Allow", std::string(methods));
  return response;
}

HttpResponse not_there() { return plain_response(404, "There is nothing of this name here."); }

bool has_header(const HttpResponse& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const Header& header) { return is_same_word(header.first, name); });
}

}  // namespace

Router::Router(OwnHosts hosts, Token token, std::span<const WebFile> files, DocumentReader documents)
    : hosts_(std::move(hosts)),
      token_(std::move(token)),
      cookie_(cookie_name(hosts_.port())),
      files_(files),
      documents_(std::move(documents)) {}

std::string Router::entry_url() const { return fmt::format("{}/?token={}", hosts_.url(), token_.text()); }

void Router::add_headers(HttpResponse& response) const {
  // 'self' is the page's own WebSocket in Firefox and Chromium, but not in every Safari: so it is named too.
  const std::string port = std::to_string(hosts_.port());
  const std::string sockets = "ws://localhost:" + port + " ws" + hosts_.url().substr(4);
  response.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
      "connect-src 'self' " +
          sockets +
          "; worker-src 'self'; base-uri 'none'; form-action 'none'; "
          "frame-ancestors 'none'");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("X-Frame-Options", "DENY");
  response.set("Referrer-Policy", "no-referrer");
  response.set("Cross-Origin-Opener-Policy", "same-origin");
  response.set("Cross-Origin-Embedder-Policy", "require-corp");
  response.set("Cross-Origin-Resource-Policy", "same-origin");
  if (!has_header(response, "Cache-Control")) response.set("Cache-Control", "no-store");
}

std::optional<HttpResponse> Router::refusal(const HttpRequest& request, std::string_view path) const {
  const auto host = request.header("Host");
  if (!host || request.count("Host") > 1 || !hosts_.has(*host)) {
    return plain_response(421, "The desk answers at the address it printed only.");
  }
  const auto origin = request.header("Origin");
  if (origin && (request.count("Origin") > 1 || !hosts_.has_origin(*origin))) {
    return plain_response(403, "Other sites may not use the desk.");
  }
  const bool is_entry = path == "/" && !query_value(request.target, "token").empty();
  if (!is_entry) {
    // Where a browser says that another site (or another port of this one) asks, no cookie counts.
    const auto site = request.header("Sec-Fetch-Site");
    const bool is_navigation = request.header("Sec-Fetch-Mode").value_or("") == "navigate";
    if (site && *site != "same-origin" && *site != "none" && !is_navigation) {
      return plain_response(403, "Other sites may not use the desk.");
    }
    if (!carries_token(request, cookie_, token_)) {
      return plain_response(401, "Open the desk by the whole address it printed, with its token.");
    }
  }
  return std::nullopt;
}

Route Router::route(const HttpRequest& request) const {
  const std::string_view target = request.target;
  const std::string_view path = target.substr(0, target.find('?'));
  if (auto refused = refusal(request, path)) return answer(std::move(*refused));

  const bool is_reading = request.method == "GET" || request.method == "HEAD";
  if (!is_reading && request.method != "POST") return answer(only("GET, HEAD, POST", "The desk"));
  if (path == "/ws") {
    if (request.method != "GET") return answer(only("GET", path));
    if (!request.is_upgrade) return answer(plain_response(426, "This is where a WebSocket begins."));
    return {Route::Kind::socket, {}};
  }
  if (path == "/api/command") {
    if (request.method != "POST") return answer(only("POST", path));
    return {Route::Kind::command, {}};
  }
  if (!is_reading) return answer(only("GET, HEAD", path));
  constexpr std::string_view api = "/api/";
  if (path.starts_with(api)) return answer(document(path.substr(api.size())));
  if (path == "/" && !query_value(target, "token").empty()) return answer(entry(request));
  return answer(file(path));
}

HttpResponse Router::entry(const HttpRequest& request) const {
  if (!token_.is(query_value(request.target, "token"))) {
    return plain_response(401, "This token is not the desk's. Open the address it printed last.");
  }
  HttpResponse response;
  // A strict cookie is not sent along when another page (the file that opens the browser, a mail) leads here
  // and is sent on at once: the way to "/" then begins at this page itself.
  const auto site = request.header("Sec-Fetch-Site");
  if (site && *site != "none" && *site != "same-origin") {
    response.body =
        "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0; url=/\">"
        "<title>Gainstage</title><a href=\"/\">The desk</a>\n";
    response.set("Content-Type", "text/html; charset=utf-8");
  } else {
    response.status = 303;
    response.set("Location", "/");
  }
  response.set("Set-Cookie", cookie_setting(cookie_, token_));
  return response;
}

HttpResponse Router::file(std::string_view path) const {
  // Only the whole name of a file that is built in: there is no path that could lead elsewhere.
  const auto found =
      std::find_if(files_.begin(), files_.end(), [&](const WebFile& f) { return f.path == path; });
  if (found == files_.end()) return not_there();
  HttpResponse response{.status = 200, .headers = {}, .body = std::string(found->bytes)};
  response.set("Content-Type", std::string(media_type(path)));
  // The names under /assets/ change with what is in them.
  const bool is_immutable = path.starts_with("/assets/");
  response.set("Cache-Control", is_immutable ? "private, max-age=31536000, immutable" : "no-store");
  return response;
}

HttpResponse Router::document(std::string_view name) const {
  if (name != "session" && name != "state" && name != "report" && name != "history" && name != "targets") {
    return not_there();
  }
  auto text = documents_(name);
  if (!text)
    return plain_response(404, fmt::format("There is no {} yet; it comes when it is measured.", name));
  return json_response(200, std::move(*text));
}

}  // namespace gainstage::desk
