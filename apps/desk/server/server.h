// SPDX-License-Identifier: MIT
// The desk's server: its threads, and how they are put together.
//
//   network   connections, pages, meters and scopes; never waits
//   desk      commands and the state; may take its time
//   pump      makes a block of sound every 10 ms
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "desk/server/desk_thread.h"
#include "desk/server/network.h"

namespace gainstage::desk {

/// Where the desk is looked for first: so that a browser finds what it keeps for the page again.
inline constexpr std::uint16_t usual_port = 4719;

struct ServerOptions {
  std::string ip = "127.0.0.1";
  std::optional<std::uint16_t> port;  ///< 0: any that is free. None: the usual one, or any where it is taken.
  double pace = 1.0;                  ///< How much faster than real time it plays, for load tests.
  NetworkLimits limits = {};
};

struct ServerHooks {
  DeskMaker make_desk;
  LiveMaker make_live;
  /// It listens, and there is a state to show; `url` lets a browser in.
  std::function<void(const std::string& url)> ready;
  /// Something to tell the user.
  std::function<void(const std::string& sentence)> warn;
  /// Asked a few times a second: true ends it.
  std::function<bool()> is_over;
};

/// Serves until `is_over`. Errors: usage for the address, io for the port.
Result<void> serve(const ServerOptions& options, ServerHooks hooks);

}  // namespace gainstage::desk
