// SPDX-License-Identifier: MIT
// What strangers send to the desk's server: the lines of a request's head, and a message as its body.
#include <string>
#include <string_view>

#include "desk/server/message.h"
#include "desk/server/router.h"
#include "fuzz_target.h"

namespace {

using namespace gainstage;

constexpr std::string_view secret = "5ecce7a55ed0fe117a9";

desk::Router router() {
  return {desk::OwnHosts(desk::IpAddress::parse("127.0.0.1").value(), 4719), desk::Token(std::string(secret)),
          desk::web_files(), [](std::string_view) { return std::string("{}"); }};
}

/// Takes the text up to the next line off its front.
std::string line_of(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string line(text.substr(0, end));
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const desk::Router strangers = router();
  std::string_view text = as_text(data, size);
  desk::HttpRequest request;
  request.method = line_of(text);
  request.target = line_of(text);
  for (const char* const name : {"Host", "Origin", "Cookie", "Authorization", "Sec-Fetch-Site"}) {
    if (std::string value = line_of(text); !value.empty())
      request.headers.emplace_back(name, std::move(value));
  }
  const bool has_secret = as_text(data, size).find(secret) != std::string_view::npos;
  const desk::Route route = strangers.route(request);
  // Nobody gets in who does not have the token.
  const bool is_in = route.kind != desk::Route::Kind::answer || route.response.status < 400;
  if (is_in && !has_secret) __builtin_trap();

  const auto message = desk::read_message(text);
  if (!message && message.error().sentence.empty()) __builtin_trap();
  if (!message) return 0;
  // What was read is an object with a "do", and comes back when it is written.
  const std::string again = message->dump(-1, ' ', false, desk::Json::error_handler_t::replace);
  const auto read_again = desk::read_message(again);
  if (!read_again || *read_again != *message || !read_again->at("do").is_string()) __builtin_trap();
  static_cast<void>(desk::number_in(*message, "at_s", 0.0, 10.0));
  if (desk::reply_text(*message, {}).find("\"re\"") == std::string::npos) __builtin_trap();
  return 0;
}
