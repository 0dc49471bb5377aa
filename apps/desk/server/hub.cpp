// SPDX-License-Identifier: MIT
#include "desk/server/hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "desk/server/message.h"

namespace gainstage::desk {
namespace {

/// Commands of a page whose answers it has not read.
constexpr std::size_t most_unanswered = 1000;
/// Audio that waits longer than what a page keeps ahead and this is stale.
constexpr double stale_ms = 150.0;

std::string text_field(const Json& message, const char* field) {
  const auto found = message.find(field);
  return found != message.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Hub::Page* Hub::find(PageId page) {
  const auto found = pages_.find(page);
  return found == pages_.end() ? nullptr : &found->second;
}

void Hub::wake_all() {
  for (auto& [id, page] : pages_) outlets_.wake(id);
}

void Hub::on_page(PageId id) {
  Page& page = pages_[id];
  page.outbox.owe_session();
  if (documents_.read("report")) page.outbox.owe_report();
  if (documents_.read("history")) page.outbox.owe_history();
}

void Hub::on_gone(PageId id) {
  Page* page = find(id);
  if (!page) return;
  unwatch(*page);
  pages_.erase(id);
  choose_leader();
}

void Hub::on_text(PageId id, std::string_view text, Time now) {
  Page* page = find(id);
  if (!page) return;
  if (!page->messages.take(now)) {
    return outlets_.close(id, {CloseReason::Code::policy, "The page may send 200 messages a second."});
  }
  auto message = read_message(text);
  if (!message) return outlets_.close(id, {CloseReason::Code::not_understood, message.error().sentence});
  if (auto outcome = own_command(id, *page, *message)) {
    answer(id, *message, *outcome);
    return;
  }
  if (page->unanswered + page->outbox.replies() >= most_unanswered) {
    return outlets_.close(id,
                          {CloseReason::Code::policy, "The page does not read the answers to its commands."});
  }
  ++page->unanswered;
  Json head{{"id", message->contains("id") ? message->at("id") : Json()}};
  outlets_.command(std::move(*message), [this, id, head = std::move(head)](const Result<void>& outcome) {
    if (Page* asked = find(id)) --asked->unanswered;
    answer(id, head, outcome);
  });
}

void Hub::on_binary(PageId page) {
  outlets_.close(page, {CloseReason::Code::not_understood, "The desk understands text messages only."});
}

void Hub::on_control_frame(PageId id, Time now) {
  Page* page = find(id);
  if (page && !page->control_frames.take(now)) {
    outlets_.close(id, {CloseReason::Code::policy, "The page sends too many pings."});
  }
}

std::optional<Outgoing> Hub::next_message(PageId id) {
  Page* page = find(id);
  return page ? page->outbox.next(documents_) : std::nullopt;
}

void Hub::answer(PageId id, const Json& message, const Result<void>& outcome) {
  Page* page = find(id);
  // Without an id only what went wrong is worth an answer.
  const auto named = message.find("id");
  const bool is_awaited = named != message.end() && !named->is_null();
  if (!page || (outcome && !is_awaited)) return;
  page->outbox.reply(reply_text(message, outcome));
  outlets_.wake(id);
}

void Hub::session_changed() {
  for (auto& [id, page] : pages_) page.outbox.owe_session();
  wake_all();
}

void Hub::report_changed() {
  for (auto& [id, page] : pages_) page.outbox.owe_report();
  wake_all();
}

void Hub::history_changed() {
  for (auto& [id, page] : pages_) page.outbox.owe_history();
  wake_all();
}

void Hub::audio(const AudioChunk& chunk) {
  for (auto& [id, page] : pages_) {
    if (!page.format) continue;
    if (page.has_heard_nothing) {
      page.has_heard_nothing = false;
      page.listens_from = chunk.number;
    }
    const auto sequence = static_cast<std::uint32_t>(chunk.number - page.listens_from);
    const auto most = static_cast<std::size_t>(std::ceil((page.lead_ms + stale_ms) / block_ms_));
    page.outbox.audio(audio_frame(chunk, *page.format, sequence), most);
    outlets_.wake(id);
  }
}

void Hub::meters(const std::string& frame) {
  for (auto& [id, page] : pages_) {
    page.outbox.meters(frame);
    outlets_.wake(id);
  }
}

void Hub::scope(std::size_t probe, const Scope& picture) {
  const std::string frame = scope_frame(picture, probes_[probe].what.name);
  for (auto& [id, page] : pages_) {
    if (page.probe != probe) continue;
    page.outbox.scope(frame);
    outlets_.wake(id);
  }
}

void Hub::set_strips(std::vector<std::string> ids, std::optional<std::size_t> master) {
  if (ids == strips_ && master == master_) return;
  for (auto& [id, page] : pages_) unwatch(page);
  strips_ = std::move(ids);
  master_ = master;
}

std::optional<Result<void>> Hub::own_command(PageId id, Page& page, const Json& message) {
  const std::string what = message.at("do").get<std::string>();
  if (what == "ping") return Result<void>{};
  if (what == "listen") return listen(id, page, message);
  if (what == "heard") return heard(id, message);
  if (what == "watch") return watch(page, message);
  return std::nullopt;
}

Result<void> Hub::listen(PageId id, Page& page, const Json& message) {
  const auto lead_ms = optional_number_in(message, "lead_ms", 20.0, 500.0);
  if (!lead_ms) return tl::unexpected(lead_ms.error());
  const auto given = message.find("format");
  const bool ends = given != message.end() && given->is_null();
  const std::string format = text_field(message, "format");
  if (!ends && format != "float32" && format != "int16") {
    return failure(ErrorCode::usage, "format is float32, int16 or null.");
  }
  page.outbox.no_audio();
  page.format.reset();
  if (!ends) {
    page.format = format == "int16" ? SampleFormat::int16 : SampleFormat::float32;
    page.lead_ms = lead_ms->value_or(60.0);
    page.has_heard_nothing = true;
    page.order = ++listeners_;
    // Whoever leads already begins with an empty buffer again.
    if (leader_ == id) leader_.reset();
  }
  choose_leader();
  return {};
}

void Hub::choose_leader() {
  if (leader_) {
    const Page* page = find(*leader_);
    if (page && page->format) return;
    leader_.reset();
  }
  const Page* first = nullptr;
  for (const auto& [id, page] : pages_) {
    if (!page.format || (first && first->order < page.order)) continue;
    first = &page;
    leader_ = id;
  }
  if (first) outlets_.lead_begins(first->lead_ms);
}

Result<void> Hub::heard(PageId id, const Json& message) {
  const auto fill_ms = number_in(message, "fill_ms", 0.0, 1e6);
  if (!fill_ms) return tl::unexpected(fill_ms.error());
  if (leader_ == id) outlets_.heard(*fill_ms);
  return {};
}

Result<Hub::Watched> Hub::watched(const Json& message) const {
  const std::string strip = text_field(message, "strip");
  const std::string tap = text_field(message, "tap");
  Watched what;
  if (tap == "clip") {
    what.tap = LiveTap::clip;
  } else if (tap == "insert_in") {
    what.tap = LiveTap::insert_in;
  } else if (tap != "fader_out" && message.contains("tap")) {
    return failure(ErrorCode::usage, "tap is clip, insert_in or fader_out.");
  }
  auto found = std::find(strips_.begin(), strips_.end(), strip);
  if (found == strips_.end() && strip == "master" && master_) {
    found = strips_.begin() + static_cast<std::ptrdiff_t>(*master_);
  }
  if (found == strips_.end()) {
    return failure(ErrorCode::usage, fmt::format("There is no strip '{}' to look at.", strip.substr(0, 40)));
  }
  what.strip = static_cast<std::uint32_t>(found - strips_.begin());
  what.name = what.strip == master_ ? master_strip : static_cast<std::uint16_t>(what.strip);
  return what;
}

Result<void> Hub::watch(Page& page, const Json& message) {
  const auto strip = message.find("strip");
  if (strip == message.end() || strip->is_null()) {
    unwatch(page);
    return {};
  }
  const auto what = watched(message);
  if (!what) return tl::unexpected(what.error());
  unwatch(page);
  const auto shared = std::find_if(probes_.begin(), probes_.end(), [&](const Probe& probe) {
    return probe.pages > 0 && probe.what == *what;
  });
  const auto free =
      std::find_if(probes_.begin(), probes_.end(), [](const Probe& probe) { return probe.pages == 0; });
  const auto probe = shared != probes_.end() ? shared : free;
  if (probe == probes_.end()) {
    return failure(ErrorCode::usage,
                   "As many signals are looked at as can be. Close a view on another page.");
  }
  page.probe = static_cast<std::size_t>(probe - probes_.begin());
  if (probe->pages++ == 0) {
    probe->what = *what;
    ++probe->changes;
    outlets_.control({.kind = LiveCommand::Kind::watch,
                      .tap = what->tap,
                      .probe = static_cast<std::uint8_t>(*page.probe),
                      .strip = what->strip});
  }
  return {};
}

void Hub::unwatch(Page& page) {
  page.outbox.no_scope();
  if (!page.probe) return;
  Probe& probe = probes_[*page.probe];
  if (--probe.pages == 0) {
    outlets_.control({.kind = LiveCommand::Kind::watch, .probe = static_cast<std::uint8_t>(*page.probe)});
  }
  page.probe.reset();
}

}  // namespace gainstage::desk
