// SPDX-License-Identifier: MIT
#include <boost/asio/buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "desk/server/network_parts.h"

namespace gainstage::desk {
namespace {

namespace websocket = boost::beast::websocket;

/// For a peer to answer a close, or to begin with.
constexpr std::chrono::seconds close_time{3};

class BeastPage final : public PageConnection {
 public:
  BeastPage(NetworkCore& core, std::uint64_t id, beast::tcp_stream&& stream)
      : PageConnection(core, id), stream_(std::move(stream)) {}

  ~BeastPage() override {
    if (is_open_) core().handler().on_page_gone(id());
  }

  void accept(const http::request<http::string_body>& request, bool is_one_too_many) override {
    // From here on the WebSocket's own time-outs hold.
    stream_.next_layer().expires_never();
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = close_time;
    timeout.idle_timeout = core().limits().idle_time;
    timeout.keep_alive_pings = true;
    stream_.set_option(timeout);
    // What is a little too big is counted here, so that the page is told why; the stream closes what says
    // that it is far too big before it comes.
    stream_.read_message_max(2 * core().limits().message_bytes);
    stream_.auto_fragment(false);
    stream_.control_callback([this](websocket::frame_type kind, beast::string_view) {
      if (kind != websocket::frame_type::close && is_open_) core().handler().on_control_frame(id());
    });
    const websocket::response_type plain;
    stream_.async_accept(request, kept([this, is_one_too_many](beast::error_code error) {
                           if (error) return drop();
                           if (is_one_too_many) {
                             return close({CloseReason::Code::policy,
                                           "This desk has as many pages open as it can. Close one of them."});
                           }
                           is_open_ = true;
                           core().handler().on_page(id());
                           read();
                           write_next();
                         }));
  }

  void write_next() override {
    if (is_writing_ || is_closing_ || !is_open_) return;
    if (!core().handler().next_message(id(), outgoing_)) return;
    is_writing_ = true;
    written_from_ = std::chrono::steady_clock::now();
    stream_.text(outgoing_.is_text);
    stream_.async_write(asio::buffer(outgoing_.bytes), kept([this](beast::error_code error, std::size_t) {
                          is_writing_ = false;
                          if (error) return drop();
                          write_next();
                        }));
  }

  void close(const CloseReason& reason) override {
    if (is_closing_) return;
    is_closing_ = true;
    const auto code = static_cast<websocket::close_code>(reason.code);
    const websocket::close_reason why(code, beast::string_view(reason.sentence).substr(0, 123));
    stream_.async_close(why, kept([this](beast::error_code) { drop(); }));
    closed_from_ = std::chrono::steady_clock::now();
  }

  void on_tick(SteadyTime now) override {
    const bool is_stuck = is_writing_ && now - written_from_ > core().limits().write_time;
    // A peer that does not answer the close has been told all the same.
    const bool is_mute = is_closing_ && now - closed_from_ > close_time;
    if (is_mute) return drop();
    if (is_stuck) close({CloseReason::Code::policy, "The page has not read for too long."});
  }

 private:
  void read() {
    stream_.async_read_some(buffer_, core().limits().message_bytes + 1 - buffer_.size(),
                            kept([this](beast::error_code error, std::size_t) { on_read(error); }));
  }

  void on_read(beast::error_code error) {
    // A protocol error has been answered with its close frame by the stream itself.
    if (error) return drop();
    if (is_closing_) return;
    if (buffer_.size() > core().limits().message_bytes) {
      return close({CloseReason::Code::too_big, "A message may have 64 KiB."});
    }
    if (!stream_.is_message_done()) return read();
    if (stream_.got_binary()) {
      core().handler().on_binary(id());
    } else {
      const auto bytes = buffer_.cdata();
      core().handler().on_text(id(), {static_cast<const char*>(bytes.data()), bytes.size()});
    }
    buffer_.clear();
    if (!is_closing_ && !is_dropped()) read();
  }

  void close_socket() override { stream_.next_layer().close(); }

  websocket::stream<beast::tcp_stream, false> stream_;  // Without compression.
  beast::flat_buffer buffer_;
  Outgoing outgoing_;
  bool is_open_ = false;
  bool is_writing_ = false;
  bool is_closing_ = false;
  SteadyTime written_from_;
  SteadyTime closed_from_;
};

}  // namespace

std::unique_ptr<PageConnection> PageConnection::make(NetworkCore& core, std::uint64_t id,
                                                     beast::tcp_stream&& stream) {
  return std::make_unique<BeastPage>(core, id, std::move(stream));
}

}  // namespace gainstage::desk
