// SPDX-License-Identifier: MIT
// gainstage desk: the desk in the browser.
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "command.h"
#include "desk/model/desk.h"
#include "desk/server/address.h"
#include "desk/server/audio_pump.h"
#include "desk/server/open_browser.h"
#include "desk/server/server.h"
#include "engine/live/live_desk.h"
#include "values.h"

namespace gainstage::cli {
namespace {

Result<void> check_operand(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return {};
  return failure(ErrorCode::bad_input, "There is no such folder or session.", {.file = path});
}

/// So many times faster than real time, for load tests.
double pace() {
  const char* given = std::getenv("GAINSTAGE_DESK_PACE");
  const auto pace = given ? parse_number(given) : Result<double>(1.0);
  return pace && *pace >= 1.0 && *pace <= 100.0 ? *pace : 1.0;
}

Result<std::unique_ptr<LiveDesk>> open_player(const Session& session) {
  LiveOptions options;
  options.max_block_frames = desk::pump_block_frames(session.sample_rate_hz);
  // Faster than real time, the disk and the threads are given as long all the same.
  options.ahead_s *= pace();
  options.start_s *= pace();
  return LiveDesk::open(session, options);
}

}  // namespace

Result<int> run_desk(const Job& job) {
  const Given& given = job.given;
  const std::string& path = job.arguments.operands[0];
  if (auto there = check_operand(path); !there) return tl::unexpected(there.error());

  desk::ServerOptions options;
  options.pace = pace();
  if (given.has("listen")) options.ip = given.text("listen");
  if (given.has("port")) options.port = static_cast<std::uint16_t>(given.number("port"));
  const auto ip = desk::IpAddress::parse(options.ip);
  if (!ip) return tl::unexpected(ip.error());
  if (!ip->is_loopback()) {
    job.console.warn(
        "Other machines can reach the desk at this address. What they say is not encrypted: whoever listens "
        "to the "
        "network sees the token, and can play the session and write into its folder.");
  }

  desk::DeskOptions wanted;
  wanted.path = path;
  wanted.target = given.text("target");
  wanted.printed = given.text("printed");
  wanted.threads = given.has("threads") ? static_cast<std::size_t>(given.number("threads")) : 0;

  std::optional<desk::BrowserFile> browser;
  desk::ServerHooks hooks;
  hooks.make_desk = [&wanted](std::function<void()> wake) {
    desk::DeskOptions with_wake = wanted;
    with_wake.wake = std::move(wake);
    return desk::Desk::open(std::move(with_wake));
  };
  hooks.make_live = open_player;
  hooks.warn = [&job](const std::string& sentence) { job.console.warn(sentence); };
  hooks.is_over = [&job] { return job.cancellation.is_cancelled(); };
  hooks.ready = [&](const std::string& url) {
    job.console.note(url + "\n");
    if (given.has("no-open")) return;
    browser.emplace(url);
    browser->open();
  };
  if (auto served = desk::serve(options, std::move(hooks)); !served) return tl::unexpected(served.error());
  // A signal is how a desk is ended: nothing is cut off by it.
  return exit_done;
}

}  // namespace gainstage::cli
