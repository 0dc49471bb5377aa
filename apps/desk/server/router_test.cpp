// SPDX-License-Identifier: MIT
#include "desk/server/router.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace gainstage::desk {
namespace {

constexpr std::array files{WebFile{"/", "<!doctype html>"}, WebFile{"/assets/desk-Ab1.js", "run()"}};

OwnHosts hosts(const char* bound = "127.0.0.1") { return {IpAddress::parse(bound).value(), 4719}; }

Router router(const char* bound = "127.0.0.1") {
  return {hosts(bound), Token("0123456789abcdef"), files,
          [](std::string_view name) -> std::optional<std::string> {
            if (name == "state") return "{}";
            return std::nullopt;
          }};
}

HttpRequest request(std::string target, std::vector<Header> headers = {}) {
  HttpRequest made{.method = "GET", .target = std::move(target), .headers = std::move(headers), .body = ""};
  if (made.count("Host") == 0) made.headers.emplace_back("Host", "127.0.0.1:4719");
  return made;
}

HttpRequest entitled(std::string target, std::vector<Header> headers = {}) {
  headers.emplace_back("Cookie", "theme=dark; gainstage_desk_4719=0123456789abcdef");
  return request(std::move(target), std::move(headers));
}

unsigned status(const HttpRequest& request) { return router().route(request).response.status; }

std::string value(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, text] : response.headers) {
    if (is_same_word(key, name)) return text;
  }
  return "";
}

TEST(OwnHosts, AreTheBoundAddressAndLocalhostWithThePort) {
  for (const char* own : {"127.0.0.1:4719", "localhost:4719", "LocalHost:4719"})
    EXPECT_TRUE(hosts().has(own)) << own;
  for (const char* other :
       {"", ":4719", "127.0.0.1", "127.0.0.1:4720", "127.0.0.1:4719:4719", "127.0.0.1:04719x",
        "127.0.0.1:+4719", "evil.example:4719", "127.0.0.1.evil.example:4719", "localhost.:4719",
        "127.0.0.2:4719", "127.1:4719", "2130706433:4719", "[::1]:4719", "[127.0.0.1]:4719", "::1:4719",
        "user@127.0.0.1:4719", "127.0.0.1:70255"}) {
    EXPECT_FALSE(hosts().has(other)) << other;
  }
}

TEST(OwnHosts, OfEveryAddressAreThoseThatAreNumbers) {
  EXPECT_TRUE(hosts("0.0.0.0").has("192.168.1.5:4719"));
  EXPECT_TRUE(hosts("::").has("[fe80::1]:4719"));
  EXPECT_FALSE(hosts("0.0.0.0").has("evil.example:4719"));
}

TEST(OwnHosts, KnowEveryWayToWriteAnAddress) {
  EXPECT_TRUE(hosts("::1").has("[0:0:0:0:0:0:0:1]:4719"));
  EXPECT_EQ(hosts("::1").url(), "http://[::1]:4719");
}

TEST(OwnHosts, HaveOriginsOfTheirOwn) {
  EXPECT_TRUE(hosts().has_origin("http://127.0.0.1:4719"));
  for (const char* other :
       {"", "null", "https://127.0.0.1:4719", "http://127.0.0.1:4719/", "http://127.0.0.1",
        "http://evil.example", "http://127.0.0.1:4719.evil.example", "HTTP://127.0.0.1:4719"}) {
    EXPECT_FALSE(hosts().has_origin(other)) << other;
  }
}

TEST(IpAddress, RefusesNames) {
  for (const char* wrong : {"", "example.com", "127.0.0", "127.0.0.1.1", "::g", "127.0.0.1 "}) {
    EXPECT_FALSE(IpAddress::parse(wrong)) << wrong;
  }
}

TEST(IpAddress, KnowsThisMachine) {
  EXPECT_TRUE(IpAddress::parse("127.8.8.8")->is_loopback());
  EXPECT_TRUE(IpAddress::parse("::1")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("0.0.0.0")->is_loopback());
  EXPECT_FALSE(IpAddress::parse("192.168.1.1")->is_loopback());
}

TEST(Token, IsNeverTheSame) {
  const auto one = Token::make();
  const auto other = Token::make();
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->text().size(), 32u);
  EXPECT_NE(one->text(), other->text());
}

TEST(Token, IsItselfOnly) {
  const Token token("abcd");
  EXPECT_TRUE(token.is("abcd"));
  for (const char* other : {"", "abc", "abcde", "abcD", "bbcd"}) EXPECT_FALSE(token.is(other)) << other;
  EXPECT_FALSE(Token("").is(""));
}

TEST(Token, IsFoundAmongOtherCookies) {
  const Token token("abcd");
  const auto carries = [&](std::vector<Header> headers) {
    return carries_token(
        HttpRequest{.method = "GET", .target = "/", .headers = std::move(headers), .body = ""}, "desk",
        token);
  };
  EXPECT_TRUE(carries({{"cookie", "desk=abcd"}}));
  EXPECT_TRUE(carries({{"Cookie", "a=b;desk=abcd ; c=d"}}));
  EXPECT_TRUE(carries({{"Cookie", "desk=old; desk=abcd"}}));
  EXPECT_TRUE(carries({{"Authorization", "bearer abcd"}}));
  EXPECT_FALSE(carries({}));
  EXPECT_FALSE(carries({{"Cookie", "desk=abc"}}));
  EXPECT_FALSE(carries({{"Cookie", "xdesk=abcd; desk; =abcd; ;"}}));
  EXPECT_FALSE(carries({{"Authorization", "Basic abcd"}}));
  EXPECT_FALSE(carries({{"Authorization", "Bearer wrong"}, {"Cookie", "desk=abcd"}}));
}

TEST(Router, LetsInWithTheTokenOnly) {
  EXPECT_EQ(status(request("/")), 401u);
  EXPECT_EQ(status(request("/api/state")), 401u);
  EXPECT_EQ(status(request("/api/state?token=0123456789abcdef")), 401u);
  EXPECT_EQ(status(request("/ws")), 401u);
  EXPECT_EQ(status(request("/?token=0123456789abcdeF")), 401u);
  EXPECT_EQ(status(entitled("/api/state")), 200u);
  EXPECT_EQ(status(request("/", {{"Cookie", "gainstage_desk_4720=0123456789abcdef"}})), 401u);
}

TEST(Router, TurnsTheTokenIntoACookie) {
  const HttpResponse entry = router().route(request("/?token=0123456789abcdef")).response;
  EXPECT_EQ(entry.status, 303u);
  EXPECT_EQ(value(entry, "Location"), "/");
  EXPECT_EQ(value(entry, "Set-Cookie"),
            "gainstage_desk_4719=0123456789abcdef; Path=/; HttpOnly; SameSite=Strict");
}

TEST(Router, LeadsOnFromAnotherPageByAPageOfItsOwn) {
  const HttpResponse entry =
      router().route(request("/?token=0123456789abcdef", {{"Sec-Fetch-Site", "cross-site"}})).response;
  EXPECT_EQ(entry.status, 200u);
  EXPECT_NE(entry.body.find("url=/\""), std::string::npos);
  EXPECT_FALSE(value(entry, "Set-Cookie").empty());
}

TEST(Router, RefusesOtherHostsBeforeAnythingElse) {
  EXPECT_EQ(status(entitled("/", {{"Host", "evil.example:4719"}})), 421u);
  EXPECT_EQ(status(entitled("/?token=0123456789abcdef", {{"Host", "evil.example"}})), 421u);
  EXPECT_EQ(status(entitled("/", {{"Host", "127.0.0.1:4719"}, {"Host", "evil.example"}})), 421u);
  HttpRequest none = entitled("/");
  std::erase_if(none.headers, [](const Header& header) { return header.first == "Host"; });
  EXPECT_EQ(status(none), 421u);
}

TEST(Router, RefusesOtherOrigins) {
  EXPECT_EQ(status(entitled("/api/state", {{"Origin", "http://127.0.0.1:4719"}})), 200u);
  EXPECT_EQ(status(entitled("/api/state", {{"Origin", "http://evil.example"}})), 403u);
  EXPECT_EQ(status(entitled("/api/state", {{"Origin", "null"}})), 403u);
  EXPECT_EQ(status(entitled("/ws", {{"Origin", "http://127.0.0.1:8080"}})), 403u);
}

TEST(Router, RefusesWhatABrowserSaysIsFromElsewhere) {
  EXPECT_EQ(status(entitled("/api/state", {{"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Mode", "no-cors"}})),
            403u);
  EXPECT_EQ(status(entitled("/api/state", {{"Sec-Fetch-Site", "cross-site"}})), 403u);
  EXPECT_EQ(status(entitled("/api/state", {{"Sec-Fetch-Site", "same-origin"}})), 200u);
  EXPECT_EQ(status(entitled("/", {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "navigate"}})), 200u);
}

TEST(Router, ServesWholeNamesOnly) {
  EXPECT_EQ(status(entitled("/assets/desk-Ab1.js")), 200u);
  for (const char* wrong :
       {"/assets/", "/assets", "/assets/../", "/../etc/passwd", "/%2e%2e/etc/passwd", "//",
        "/assets/desk-Ab1.js/", "/assets/desk-Ab1.js%00", "/./", "assets/desk-Ab1.js", "",
        "http://127.0.0.1:4719/", "/api/", "/api/../state", "/api/state/", "/api/secret"}) {
    EXPECT_EQ(status(entitled(wrong)), 404u) << wrong;
  }
}

TEST(Router, KeepsWhatNeverChangesInTheCache) {
  EXPECT_EQ(value(router().route(entitled("/assets/desk-Ab1.js")).response, "Cache-Control"),
            "private, max-age=31536000, immutable");
  EXPECT_EQ(value(router().route(entitled("/")).response, "Cache-Control"), "no-store");
}

TEST(Router, SaysWhenThereIsNoDocumentYet) {
  EXPECT_EQ(status(entitled("/api/report")), 404u);
  EXPECT_EQ(status(entitled("/api/state")), 200u);
}

TEST(Router, TakesTheMethodsItIsFor) {
  const auto with = [](std::string method, std::string target) {
    HttpRequest made = entitled(std::move(target));
    made.method = std::move(method);
    return made;
  };
  for (const char* method : {"PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get"}) {
    EXPECT_EQ(status(with(method, "/")), 405u) << method;
  }
  EXPECT_EQ(status(with("POST", "/")), 405u);
  EXPECT_EQ(status(with("POST", "/api/state")), 405u);
  EXPECT_EQ(status(with("GET", "/api/command")), 405u);
  EXPECT_EQ(status(with("HEAD", "/")), 200u);
  EXPECT_EQ(router().route(with("POST", "/api/command")).kind, Route::Kind::command);
}

TEST(Router, KnowsAWebSocket) {
  HttpRequest socket = entitled("/ws");
  EXPECT_EQ(status(socket), 426u);
  socket.is_upgrade = true;
  EXPECT_EQ(router().route(socket).kind, Route::Kind::socket);
}

TEST(Router, LetsThePageLoadFromItselfOnly) {
  HttpResponse response;
  router().add_headers(response);
  const std::string policy = value(response, "Content-Security-Policy");
  EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
  EXPECT_NE(policy.find("connect-src 'self' ws://localhost:4719 ws://127.0.0.1:4719;"), std::string::npos)
      << policy;
  for (const char* never : {"unsafe", "*", "http:", "blob:"})
    EXPECT_EQ(policy.find(never), std::string::npos);
  EXPECT_EQ(value(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(value(response, "Access-Control-Allow-Origin"), "");
}

TEST(MediaType, FollowsTheEnding) {
  EXPECT_EQ(media_type("/"), "text/html; charset=utf-8");
  EXPECT_EQ(media_type("/assets/desk-1.js"), "text/javascript; charset=utf-8");
  EXPECT_EQ(media_type("/x"), "application/octet-stream");
}

TEST(WebFiles, HaveThePage) {
  const auto built = web_files();
  EXPECT_TRUE(std::any_of(built.begin(), built.end(), [](const WebFile& f) { return f.path == "/"; }));
}

}  // namespace
}  // namespace gainstage::desk
