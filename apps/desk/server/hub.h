// SPDX-License-Identifier: MIT
// All pages of one desk: what each has been sent, wants to hear and to see. Knows no socket and no desk; all
// of it on the network's thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "desk/server/documents.h"
#include "desk/server/frames.h"
#include "desk/server/network.h"
#include "desk/server/outbox.h"
#include "desk/server/rate_limit.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

using Reply = std::function<void(Result<void>)>;

/// What the hub causes.
struct HubOutlets {
  std::function<void(PageId)> wake;                       ///< There is something to write.
  std::function<void(PageId, const CloseReason&)> close;  ///< on_gone() follows.
  /// Everything that is not a page's own. The reply comes on the network's thread, after the state it made.
  std::function<void(Json message, Reply reply)> command;
  std::function<void(const LiveCommand&)> control;
  std::function<void(double lead_ms)> lead_begins;  ///< Another page's buffer is the one to be kept filled.
  std::function<void(double fill_ms)> heard;        ///< How full that one is.
};

class Hub {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Hub(const Documents& documents, HubOutlets outlets) : documents_(documents), outlets_(std::move(outlets)) {}

  void on_page(PageId page);
  void on_gone(PageId page);
  void on_text(PageId page, std::string_view text, Time now);
  void on_binary(PageId page);
  void on_control_frame(PageId page, Time now);
  std::optional<Outgoing> next_message(PageId page);

  /// The documents have changed.
  void state_changed() { wake_all(); }
  void session_changed();
  void report_changed();
  void history_changed();
  void audio(const AudioChunk& chunk);
  void meters(const std::string& frame);

  /// Ids of the flow's strips, in their order, and which of them is the master. Pages that watch begin again.
  void set_strips(std::vector<std::string> ids, std::optional<std::size_t> master);
  void set_block_ms(double block_ms) { block_ms_ = block_ms; }
  /// Whether anybody watches the probe; then scope() is called with its picture.
  bool is_watched(std::size_t probe) const { return probes_[probe].pages > 0; }
  void scope(std::size_t probe, const Scope& picture);
  /// Rises when the probe gets another signal.
  std::uint32_t probe_changes(std::size_t probe) const { return probes_[probe].changes; }

  std::size_t pages() const { return pages_.size(); }

 private:
  struct Watched {
    std::uint32_t strip = LiveCommand::no_strip;
    LiveTap tap = LiveTap::fader_out;
    std::uint16_t name = 0;  ///< In the frame.
    bool operator==(const Watched&) const = default;
  };
  struct Probe {
    Watched what;
    std::size_t pages = 0;
    std::uint32_t changes = 0;
  };
  struct Page {
    Outbox outbox;
    RateLimit messages{200.0, 400.0};
    RateLimit control_frames{20.0, 100.0};
    std::optional<SampleFormat> format;  ///< None: no audio.
    double lead_ms = 60.0;
    std::uint64_t listens_from = 0;  ///< Number of its first block.
    std::uint64_t order = 0;         ///< Of those that listen.
    bool has_heard_nothing = true;
    std::optional<std::size_t> probe;
    std::size_t unanswered = 0;
  };

  Page* find(PageId page);
  void wake_all();
  void answer(PageId page, const Json& message, const Result<void>& outcome);
  /// None where the message is not the page's own.
  std::optional<Result<void>> own_command(PageId id, Page& page, const Json& message);
  Result<void> listen(PageId id, Page& page, const Json& message);
  Result<void> heard(PageId id, const Json& message);
  Result<void> watch(Page& page, const Json& message);
  Result<Watched> watched(const Json& message) const;
  void unwatch(Page& page);
  void choose_leader();

  const Documents& documents_;
  HubOutlets outlets_;
  std::map<PageId, Page> pages_;
  std::optional<PageId> leader_;
  std::uint64_t listeners_ = 0;
  std::array<Probe, live_probes> probes_{};
  std::vector<std::string> strips_;
  std::optional<std::size_t> master_;
  double block_ms_ = 10.0;
};

}  // namespace gainstage::desk
