// SPDX-License-Identifier: MIT
#include "desk/server/server.h"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "desk/server/address.h"
#include "desk/server/audio_pump.h"
#include "desk/server/documents.h"
#include "desk/server/hub.h"
#include "desk/server/message.h"
#include "desk/server/meter_feed.h"
#include "desk/server/router.h"
#include "desk/server/web_files.h"

namespace gainstage::desk {
namespace {

constexpr std::chrono::milliseconds end_period{100};

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

class Server final : public NetworkHandler {
 public:
  Server(const ServerOptions& options, ServerHooks hooks)
      : options_(options), hooks_(std::move(hooks)), hub_(documents_, hub_outlets()) {}

  ~Server() override {
    // The sound first, then the desk, whose player it uses; connections last, as they tell the hub.
    pump_.reset();
    desk_.reset();
    network_.reset();
  }

  Result<void> open() {
    const auto ip = IpAddress::parse(options_.ip);
    if (!ip) return tl::unexpected(ip.error());
    auto token = Token::make();
    if (!token) return tl::unexpected(token.error());
    if (auto listening = listen(ip->text()); !listening) return listening;
    router_.emplace(OwnHosts(*ip, network_->port()), std::move(*token), web_files(),
                    [this](std::string_view name) { return documents_.read(name); });
    return {};
  }

  void run() {
    desk_ = std::make_unique<DeskThread>(std::move(hooks_.make_desk), std::move(hooks_.make_live),
                                         [this](DeskNews news) {
                                           const std::scoped_lock lock(news_mutex_);
                                           news_.push_back(std::move(news));
                                           network_->post([this] { take_news(); });
                                         });
    network_->every(meter_period, [this] { show_meters(); });
    network_->every(end_period, [this] {
      if (hooks_.is_over()) network_->stop();
    });
    network_->run();
  }

  // NetworkHandler

  Routed on_request(ConnectionId connection, const HttpRequest& request) override {
    Route route = router_->route(request);
    switch (route.kind) {
      case Route::Kind::socket:
        return {Way::upgrade, {}};
      case Route::Kind::command:
        return command(connection, request);
      case Route::Kind::answer:
        break;
    }
    return {Way::answer, std::move(route.response)};
  }

  void add_headers(HttpResponse& response) override { router_->add_headers(response); }
  void on_page(PageId page) override { hub_.on_page(page); }
  void on_page_gone(PageId page) override { hub_.on_gone(page); }
  void on_text(PageId page, std::string_view text) override {
    hub_.on_text(page, text, std::chrono::steady_clock::now());
  }
  void on_binary(PageId page) override { hub_.on_binary(page); }
  void on_control_frame(PageId page) override {
    hub_.on_control_frame(page, std::chrono::steady_clock::now());
  }

  bool next_message(PageId page, Outgoing& message) override {
    auto next = hub_.next_message(page);
    if (next) message = std::move(*next);
    return next.has_value();
  }

 private:
  HubOutlets hub_outlets() {
    return {
        .wake = [this](PageId page) { network_->wake_page(page); },
        .close = [this](PageId page, const CloseReason& reason) { network_->close_page(page, reason); },
        .command = [this](Json message, Reply reply) { submit(std::move(message), std::move(reply)); },
        .control =
            [this](const LiveCommand& command) {
              // At the end pages go when the desk has gone already.
              if (desk_) desk_->control(command);
            },
        .lead_begins =
            [this](double lead_ms) {
              lead_ms_ = lead_ms;
              if (pump_) pump_->lead_begins(lead_ms);
            },
        .heard =
            [this](double fill_ms) {
              if (pump_) pump_->heard(fill_ms);
            },
    };
  }

  Result<void> listen(const std::string& ip) {
    const std::uint16_t first = options_.port.value_or(usual_port);
    auto network = Network::listen(ip, first, *this, options_.limits);
    if (!network && !options_.port) network = Network::listen(ip, 0, *this, options_.limits);
    if (!network) return tl::unexpected(network.error());
    network_ = std::move(*network);
    return {};
  }

  Routed command(ConnectionId connection, const HttpRequest& request) {
    auto message = read_message(request.body);
    if (!message) return {Way::answer, plain_response(400, message.error().sentence)};
    const std::string what = message->at("do").get<std::string>();
    const Json head{{"id", message->contains("id") ? message->at("id") : Json()}};
    if (what == "listen" || what == "heard" || what == "watch") {
      const Result<void> refused = failure(ErrorCode::usage, what + " is for a page's WebSocket.");
      return {Way::answer, json_response(400, reply_text(head, refused))};
    }
    if (what == "ping") return {Way::answer, json_response(200, reply_text(head, {}))};
    submit(std::move(*message), [this, connection, head](const Result<void>& outcome) {
      network_->respond(connection, json_response(outcome ? 200 : 400, reply_text(head, outcome)));
    });
    return {Way::later, {}};
  }

  /// The reply comes back on the network's thread.
  void submit(Json message, Reply reply) {
    if (message.at("do") == "clear_clips" && meters_) meters_->clear_clips();
    desk_->command(std::move(message), [this, reply = std::move(reply)](Result<void> outcome) {
      network_->post([reply, outcome = std::move(outcome)] { reply(outcome); });
    });
  }

  void take_news() {
    std::vector<DeskNews> all;
    {
      const std::scoped_lock lock(news_mutex_);
      all.swap(news_);
    }
    for (DeskNews& news : all) take(std::move(news));
  }

  void take(DeskNews news) {
    if (news.targets) documents_.set_targets(std::move(*news.targets));
    if (news.monitor) monitor_ = *news.monitor;
    if (news.live) begin_to_play(*news.live);
    if (news.failure) hooks_.warn("The session can't be played: " + news.failure->sentence);
    if (news.session) take_session(*news.session);
    if (news.patch) {
      // Whoever comes in finds a state from the beginning.
      const bool is_first = documents_.revision() == 0;
      documents_.patch_state(*news.patch);
      if (is_first) hooks_.ready(router_->entry_url());
      hub_.state_changed();
    }
    if (news.report) {
      documents_.set_report(std::move(*news.report));
      hub_.report_changed();
    }
    if (news.history) {
      documents_.set_history(std::move(*news.history));
      hub_.history_changed();
    }
  }

  void take_session(const Json& session) {
    std::vector<std::string> ids;
    std::optional<std::size_t> master;
    const auto strips = session.find("strips");
    if (strips != session.end() && strips->is_array()) {
      for (const Json& strip : *strips) {
        const std::string kind = strip.value("kind", "");
        if (kind == "vca") continue;  // Not of the flow.
        if (kind == "master") master = ids.size();
        ids.push_back(strip.value("id", ""));
      }
    }
    hub_.set_strips(std::move(ids), master);
    documents_.set_session(text_of(session));
    hub_.session_changed();
  }

  void begin_to_play(const LiveNews& live) {
    meters_.emplace(live, hub_, *desk_);
    const auto frames = static_cast<double>(pump_block_frames(live.sample_rate_hz));
    hub_.set_block_ms(frames / live.sample_rate_hz * 1000.0);
    pump_ = std::make_unique<AudioPump>(
        *live.live, PumpOptions{live.sample_rate_hz, live.channels, options_.pace}, [this] {
          network_->post([this] { pump_->take([this](const AudioChunk& chunk) { hub_.audio(chunk); }); });
        });
    if (lead_ms_ > 0.0) pump_->lead_begins(lead_ms_);
  }

  void show_meters() {
    if (meters_) meters_->show(monitor_, std::chrono::steady_clock::now());
  }

  ServerOptions options_;
  ServerHooks hooks_;
  Documents documents_;
  Hub hub_;
  std::optional<Router> router_;
  std::unique_ptr<Network> network_;
  std::unique_ptr<DeskThread> desk_;
  std::optional<MeterFeed> meters_;
  std::unique_ptr<AudioPump> pump_;
  std::mutex news_mutex_;
  std::vector<DeskNews> news_;  // guarded by news_mutex_
  double monitor_ = 1.0;
  double lead_ms_ = 0.0;
};

}  // namespace

Result<void> serve(const ServerOptions& options, ServerHooks hooks) {
  Server server(options, std::move(hooks));
  if (auto opened = server.open(); !opened) return opened;
  server.run();
  return {};
}

}  // namespace gainstage::desk
