// SPDX-License-Identifier: MIT
// Shared by the files that know of Beast: a connection that outlives its last handler, and its ways out.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>

#include "desk/server/network.h"

namespace gainstage::desk {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using SteadyTime = std::chrono::steady_clock::time_point;

class NetworkCore;

/// Lives until it is closed and its last handler has run; then the core forgets it. So handlers may refer to
/// it.
class Connection {
 public:
  Connection(NetworkCore& core, std::uint64_t id) : core_(core), id_(id) {}
  virtual ~Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  std::uint64_t id() const { return id_; }
  /// Ends all that is under way, without a word.
  void drop();
  virtual void on_tick(SteadyTime now) = 0;

 protected:
  /// A handler that keeps the connection alive until it has run; not called any more once it is dropped.
  template <typename Work>
  auto kept(Work work) {
    ++pending_;
    return [this, work = std::move(work)](auto&&... values) mutable {
      --pending_;
      if (!is_dropped_) work(std::forward<decltype(values)>(values)...);
      forget_when_done();
    };
  }
  virtual void close_socket() = 0;
  bool is_dropped() const { return is_dropped_; }
  NetworkCore& core() { return core_; }

 private:
  void forget_when_done();

  NetworkCore& core_;
  std::uint64_t id_;
  std::size_t pending_ = 0;
  bool is_dropped_ = false;
};

/// What connections need of the network.
class NetworkCore : public Network {
 public:
  virtual NetworkHandler& handler() = 0;
  virtual const NetworkLimits& limits() const = 0;
  virtual asio::io_context& context() = 0;
  virtual void forget(std::uint64_t id) = 0;
  virtual void upgrade(beast::tcp_stream&& stream, const http::request<http::string_body>& request) = 0;
};

/// A WebSocket; `is_one_too_many`: only to be told so.
class PageConnection : public Connection {
 public:
  using Connection::Connection;
  static std::unique_ptr<PageConnection> make(NetworkCore& core, std::uint64_t id,
                                              beast::tcp_stream&& stream);
  virtual void accept(const http::request<http::string_body>& request, bool is_one_too_many) = 0;
  virtual void write_next() = 0;
  virtual void close(const CloseReason& reason) = 0;
};

}  // namespace gainstage::desk
