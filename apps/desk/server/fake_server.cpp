// SPDX-License-Identifier: MIT
// The server with a desk and a player that are none, for tests of what it does with strangers: fake_server
// [PORT]. Prints its address on stderr, and ends when its standard input does.
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "desk/server/fake_desk.h"
#include "desk/server/server.h"

int main(int argc, char** argv) {
  using namespace gainstage;
  std::signal(SIGPIPE, SIG_IGN);
  desk::ServerOptions options;
  options.port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0);
  // Short, so that the tests need not wait.
  options.limits.request_time = std::chrono::milliseconds(2000);
  options.limits.write_time = std::chrono::milliseconds(2000);
  options.limits.idle_time = std::chrono::milliseconds(10000);
  if (const char* pace = std::getenv("PACE")) options.pace = std::atof(pace);
  desk::ServerHooks hooks;
  hooks.make_desk = [](const std::function<void()>&) { return std::make_unique<desk::FakeDesk>(); };
  hooks.make_live = [](const Session&) -> Result<std::unique_ptr<LiveDesk>> {
    return std::make_unique<desk::FakeLive>();
  };
  hooks.ready = [](const std::string& url) { std::fprintf(stderr, "%s\n", url.c_str()); };
  hooks.warn = [](const std::string& sentence) { std::fprintf(stderr, "%s\n", sentence.c_str()); };
  hooks.is_over = [] {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char byte = 0;
    return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
  };
  const auto served = desk::serve(options, std::move(hooks));
  if (!served) std::fprintf(stderr, "%s\n", served.error().sentence.c_str());
  return served ? 0 : 4;
}
