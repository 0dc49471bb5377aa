// SPDX-License-Identifier: MIT
#include "desk/server/outbox.h"

#include <utility>

namespace gainstage::desk {
namespace {

Outgoing text(std::string bytes) { return {true, std::move(bytes)}; }

std::optional<Outgoing> taken(std::deque<std::string>& queue, bool is_text) {
  if (queue.empty()) return std::nullopt;
  Outgoing message{is_text, std::move(queue.front())};
  queue.pop_front();
  return message;
}

std::optional<Outgoing> taken(std::optional<std::string>& frame) {
  if (!frame) return std::nullopt;
  return Outgoing{false, *std::exchange(frame, std::nullopt)};
}

}  // namespace

void Outbox::audio(std::string frame, std::size_t most) {
  audio_.push_back(std::move(frame));
  while (audio_.size() > most) audio_.pop_front();
}

std::optional<Outgoing> Outbox::next(const Documents& documents) {
  if (!was_audio_) {
    if (auto block = taken(audio_, false)) {
      was_audio_ = true;
      return block;
    }
  }
  was_audio_ = false;
  if (auto message = next_text(documents)) return message;
  if (auto message = next_picture()) return message;
  auto block = taken(audio_, false);
  was_audio_ = block.has_value();
  return block;
}

std::optional<Outgoing> Outbox::next_text(const Documents& documents) {
  if (owes_session_ && documents.has_session()) {
    owes_session_ = false;
    return text(documents.session_message());
  }
  if (revision_ < documents.revision()) {
    Documents::StateMessage state = documents.state_message(revision_);
    revision_ = state.revision;
    return text(std::move(state.text));
  }
  if (auto reply = taken(replies_, true)) return reply;
  if (std::exchange(owes_report_, false)) return text(R"({"event":"report"})");
  if (std::exchange(owes_history_, false)) return text(R"({"event":"history"})");
  return std::nullopt;
}

std::optional<Outgoing> Outbox::next_picture() {
  if (auto frame = taken(meters_)) return frame;
  return taken(scope_);
}

}  // namespace gainstage::desk
