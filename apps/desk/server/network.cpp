// SPDX-License-Identifier: MIT
#include "desk/server/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <map>
#include <vector>

#include "desk/server/network_parts.h"

namespace gainstage::desk {
namespace {

constexpr std::size_t most_read_away = 16 * 1024 * 1024;

/// Requests of one connection, one after another.
class HttpConnection final : public Connection {
 public:
  HttpConnection(NetworkCore& core, std::uint64_t id, Tcp::socket&& socket)
      : Connection(core, id),
        stream_(std::move(socket)),
        buffer_(core.limits().header_bytes + core.limits().body_bytes) {}

  void read() {
    is_waiting_ = true;
    waits_from_ = std::chrono::steady_clock::now();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(core().limits().header_bytes));
    parser_->body_limit(core().limits().body_bytes);
    // One deadline for the whole request, however slowly it trickles in.
    stream_.expires_after(core().limits().request_time);
    http::async_read(stream_, buffer_, *parser_,
                     kept([this](beast::error_code error, std::size_t) { on_read(error); }));
  }

  void respond(HttpResponse response) {
    core().handler().add_headers(response);
    const bool has_body = method_ != http::verb::head;
    response_ = {};
    response_.version(11);
    response_.result(response.status);
    for (const auto& [name, value] : response.headers) response_.insert(name, value);
    response_.keep_alive(keeps_alive_);
    response_.content_length(response.body.size());
    if (has_body) response_.body() = std::move(response.body);
    stream_.expires_after(core().limits().write_time);
    http::async_write(stream_, response_, kept([this](beast::error_code error, std::size_t) {
                        if (error || !keeps_alive_) return linger_and_drop();
                        read();
                      }));
  }

  /// Since when it has been waiting for a request; none while it answers one.
  std::optional<SteadyTime> waits_from() const {
    return is_waiting_ ? std::optional(waits_from_) : std::nullopt;
  }

  void on_tick(SteadyTime) override {}

 private:
  void on_read(beast::error_code error) {
    is_waiting_ = false;
    method_ = parser_->get().method();
    if (error) return refuse(error);
    const http::request<http::string_body> message = parser_->release();
    HttpRequest request{.method = std::string(message.method_string()),
                        .target = std::string(message.target()),
                        .headers = {},
                        .body = message.body(),
                        .is_upgrade = beast::websocket::is_upgrade(message)};
    for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
    keeps_alive_ = message.keep_alive();
    NetworkHandler::Routed routed = core().handler().on_request(id(), request);
    switch (routed.way) {
      case NetworkHandler::Way::answer:
        return respond(std::move(routed.response));
      case NetworkHandler::Way::later:
        return stream_.expires_never();
      case NetworkHandler::Way::upgrade:
        core().upgrade(std::move(stream_), message);
        return drop();
    }
  }

  void refuse(beast::error_code error) {
    keeps_alive_ = false;
    if (error == http::error::header_limit)
      return respond(plain_response(431, "A request's head may have 16 KiB."));
    if (error == http::error::body_limit)
      return respond(plain_response(413, "A request's body may have 64 KiB."));
    if (error == http::error::buffer_overflow)
      return respond(plain_response(431, "The request is too long."));
    if (error == http::error::end_of_stream ||
        error.category() != http::make_error_code(http::error::bad_method).category())
      return drop();
    respond(plain_response(400, "This is not HTTP/1.1: " + error.message() + "."));
  }

  /// A peer that is still sending sees the answer only when what it sends is taken: for a second, and no more
  /// than a page could weigh.
  void linger_and_drop() {
    beast::error_code ignored;
    stream_.socket().shutdown(Tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(1));
    read_away(most_read_away);
  }

  void read_away(std::size_t most) {
    buffer_.clear();
    const auto room = buffer_.prepare(std::min<std::size_t>(buffer_.max_size(), 16 * 1024));
    stream_.async_read_some(room, kept([this, most](beast::error_code error, std::size_t bytes) {
                              if (error || bytes >= most) return drop();
                              read_away(most - bytes);
                            }));
  }

  void close_socket() override { stream_.close(); }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> response_;
  http::verb method_ = http::verb::get;
  bool keeps_alive_ = false;
  bool is_waiting_ = false;
  SteadyTime waits_from_;
};

class BeastNetwork final : public NetworkCore {
 public:
  BeastNetwork(NetworkHandler& handler, const NetworkLimits& limits)
      : handler_(handler), limits_(limits), acceptor_(context_), closing_(context_) {}

  Result<void> listen(const std::string& ip, std::uint16_t port) {
    beast::error_code error;
    const auto address = asio::ip::make_address(ip, error);
    if (error) return failure(ErrorCode::usage, fmt::format("'{}' is not an address such as 127.0.0.1", ip));
    const Tcp::endpoint endpoint(address, port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use) {
      return failure(ErrorCode::io,
                     fmt::format("Port {} of {} is taken by another program. Choose another with "
                                 "--port, or --port 0 for any that is free.",
                                 port, ip));
    }
    if (error) {
      return failure(ErrorCode::io,
                     fmt::format("The desk can't listen at port {} of {}: {}.", port, ip, error.message()));
    }
    return {};
  }

  std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }

  void run() override {
    accept();
    every(std::chrono::milliseconds(500), [this] { tick(); });
    context_.run();
  }

  void stop() override {
    post([this] { begin_to_close(); });
  }

  void post(std::function<void()> work) override { asio::post(context_, std::move(work)); }

  void every(std::chrono::microseconds period, std::function<void()> work) override {
    timers_.push_back(std::make_unique<Timer>(context_, period, std::move(work)));
    wait(*timers_.back());
  }

  void respond(ConnectionId id, HttpResponse response) override {
    if (const auto found = http_.find(id); found != http_.end()) found->second->respond(std::move(response));
  }

  void wake_page(PageId id) override {
    if (const auto found = pages_.find(id); found != pages_.end()) found->second->write_next();
  }

  void close_page(PageId id, const CloseReason& reason) override {
    if (const auto found = pages_.find(id); found != pages_.end()) found->second->close(reason);
  }

  NetworkHandler& handler() override { return handler_; }
  const NetworkLimits& limits() const override { return limits_; }
  asio::io_context& context() override { return context_; }

  void forget(std::uint64_t id) override {
    http_.erase(id);
    pages_.erase(id);
    if (is_closing_ && pages_.empty()) context_.stop();
  }

  void upgrade(beast::tcp_stream&& stream, const http::request<http::string_body>& request) override {
    const bool is_one_too_many = pages_.size() >= limits_.pages;
    // Those that are told so are connections as well; they are not to be many either.
    if (pages_.size() >= 2 * limits_.pages) return;
    const std::uint64_t id = ++last_id_;
    auto page = PageConnection::make(*this, id, std::move(stream));
    PageConnection& made = *page;
    pages_.emplace(id, std::move(page));
    made.accept(request, is_one_too_many);
  }

 private:
  struct Timer {
    Timer(asio::io_context& context, std::chrono::microseconds every, std::function<void()> what)
        : timer(context),
          period(every),
          next(std::chrono::steady_clock::now() + every),
          work(std::move(what)) {}
    asio::steady_timer timer;
    std::chrono::microseconds period;
    SteadyTime next;
    std::function<void()> work;
  };

  void wait(Timer& timer) {
    timer.timer.expires_at(timer.next);
    timer.timer.async_wait([this, &timer](beast::error_code error) {
      if (error) return;
      timer.work();
      // A period that was missed is left out.
      const auto now = std::chrono::steady_clock::now();
      while (timer.next <= now) timer.next += timer.period;
      wait(timer);
    });
  }

  void accept() {
    acceptor_.async_accept([this](beast::error_code error, Tcp::socket socket) {
      if (is_closing_) return;
      if (!error) take(std::move(socket));
      if (error == asio::error::no_descriptors) {
        // Nothing can be taken before something is closed: try again in a while.
        closing_.expires_after(std::chrono::milliseconds(100));
        closing_.async_wait([this](beast::error_code) { accept(); });
        return;
      }
      accept();
    });
  }

  void take(Tcp::socket&& socket) {
    beast::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    // What lies in the system's buffer can't be taken back when a page is slow.
    socket.set_option(asio::socket_base::send_buffer_size(64 * 1024), ignored);
    if (http_.size() >= limits_.connections) drop_oldest();
    const std::uint64_t id = ++last_id_;
    auto connection = std::make_unique<HttpConnection>(*this, id, std::move(socket));
    HttpConnection& made = *connection;
    http_.emplace(id, std::move(connection));
    made.read();
  }

  /// So that nobody keeps others out by connections that say nothing.
  void drop_oldest() {
    HttpConnection* oldest = nullptr;
    for (const auto& [id, connection] : http_) {
      const auto since = connection->waits_from();
      if (since && (!oldest || *since < *oldest->waits_from())) oldest = connection.get();
    }
    if (oldest) oldest->drop();
  }

  void tick() {
    const auto now = std::chrono::steady_clock::now();
    std::vector<std::uint64_t> ids;
    for (const auto& [id, page] : pages_) ids.push_back(id);
    for (const std::uint64_t id : ids) {
      if (const auto found = pages_.find(id); found != pages_.end()) found->second->on_tick(now);
    }
  }

  void begin_to_close() {
    if (is_closing_) return;
    is_closing_ = true;
    beast::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& timer : timers_) timer->timer.cancel();
    if (pages_.empty()) return context_.stop();
    for (const auto& [id, page] : pages_)
      page->close({CloseReason::Code::going_away, "The desk was closed."});
    closing_.expires_after(std::chrono::seconds(1));
    closing_.async_wait([this](beast::error_code) { context_.stop(); });
  }

  NetworkHandler& handler_;
  NetworkLimits limits_;
  asio::io_context context_{1};
  Tcp::acceptor acceptor_;
  asio::steady_timer closing_;
  bool is_closing_ = false;
  std::uint64_t last_id_ = 0;
  std::vector<std::unique_ptr<Timer>> timers_;
  std::map<std::uint64_t, std::unique_ptr<HttpConnection>> http_;
  std::map<std::uint64_t, std::unique_ptr<PageConnection>> pages_;
};

}  // namespace

void Connection::drop() {
  if (is_dropped_) return;
  is_dropped_ = true;
  close_socket();
  // Not at once: the caller may be a member of this.
  ++pending_;
  core_.post([this] {
    --pending_;
    forget_when_done();
  });
}

void Connection::forget_when_done() {
  if (is_dropped_ && pending_ == 0) core_.forget(id_);
}

Result<std::unique_ptr<Network>> Network::listen(const std::string& ip, std::uint16_t port,
                                                 NetworkHandler& handler, const NetworkLimits& limits) {
  auto network = std::make_unique<BeastNetwork>(handler, limits);
  if (auto listening = network->listen(ip, port); !listening) return tl::unexpected(listening.error());
  return network;
}

}  // namespace gainstage::desk
