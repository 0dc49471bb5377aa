// SPDX-License-Identifier: MIT
// The listener and its connections, behind a plain interface: only network*.cpp and web_socket.cpp know of
// Beast.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "desk/server/http_message.h"

namespace gainstage::desk {

using PageId = std::uint64_t;        ///< A WebSocket; never used twice.
using ConnectionId = std::uint64_t;  ///< An HTTP connection; never used twice.

/// Why a WebSocket is closed (RFC 6455, 7.4.1).
struct CloseReason {
  enum class Code : std::uint16_t { going_away = 1001, not_understood = 1007, policy = 1008, too_big = 1009 };
  Code code = Code::policy;
  std::string sentence;  ///< Up to 123 bytes.
};

struct Outgoing {
  bool is_text = true;
  std::string bytes;
};

/// What is done with requests and messages. All of it on the network's thread.
class NetworkHandler {
 public:
  virtual ~NetworkHandler() = default;

  enum class Way : std::uint8_t {
    answer,   ///< `response` is it.
    later,    ///< Network::respond() is called with the connection's id.
    upgrade,  ///< Becomes a WebSocket.
  };
  struct Routed {
    Way way = Way::answer;
    HttpResponse response = {};
  };
  virtual Routed on_request(ConnectionId connection, const HttpRequest& request) = 0;
  /// What every response carries, errors of the protocol included.
  virtual void add_headers(HttpResponse& response) = 0;

  virtual void on_page(PageId page) = 0;
  virtual void on_text(PageId page, std::string_view text) = 0;
  virtual void on_binary(PageId page) = 0;
  virtual void on_control_frame(PageId page) = 0;  ///< A ping or pong.
  /// The next message to write; false: none for now. Asked again when it is written.
  virtual bool next_message(PageId page, Outgoing& message) = 0;
  virtual void on_page_gone(PageId page) = 0;
};

struct NetworkLimits {
  std::size_t header_bytes = 16 * 1024;
  std::size_t body_bytes = 64 * 1024;
  std::size_t message_bytes = 64 * 1024;
  std::size_t connections = 48;  ///< Of HTTP: then the one that has waited longest is closed.
  std::size_t pages = 16;        ///< Those over it are closed with a reason.
  std::chrono::milliseconds request_time{10'000};  ///< For a request to come in as a whole.
  std::chrono::milliseconds write_time{15'000};    ///< For one message to be taken.
  std::chrono::milliseconds idle_time{60'000};  ///< For a page to be silent; half of it after, it is pinged.
};

/// One thread calls run(); all members but post() and stop() are for that thread, or for before run().
class Network {
 public:
  /// Errors: usage for an address that is none; io with a sentence where the port is taken or not allowed.
  static Result<std::unique_ptr<Network>> listen(const std::string& ip, std::uint16_t port,
                                                 NetworkHandler& handler, const NetworkLimits& limits = {});
  virtual ~Network() = default;

  virtual std::uint16_t port() const = 0;
  /// Runs until stop(), and for as long after as closing takes, a second at most.
  virtual void run() = 0;
  virtual void stop() = 0;                            // [any]
  virtual void post(std::function<void()> work) = 0;  // [any]
  /// Calls `work` again and again, until the end.
  virtual void every(std::chrono::microseconds period, std::function<void()> work) = 0;

  virtual void respond(ConnectionId connection, HttpResponse response) = 0;
  /// There is something to write to the page.
  virtual void wake_page(PageId page) = 0;
  virtual void close_page(PageId page, const CloseReason& reason) = 0;
};

}  // namespace gainstage::desk
