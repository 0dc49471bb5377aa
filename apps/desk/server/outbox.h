// SPDX-License-Identifier: MIT
// What waits to be sent to one page. Bounded: of states, meters and scopes only the newest are kept, of audio
// what is not stale. What is sent next is decided when the page has taken what came before.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "desk/server/documents.h"
#include "desk/server/network.h"

namespace gainstage::desk {

class Outbox {
 public:
  void owe_session() { owes_session_ = true; }
  void owe_report() { owes_report_ = true; }
  void owe_history() { owes_history_ = true; }
  void reply(std::string text) { replies_.push_back(std::move(text)); }
  std::size_t replies() const { return replies_.size(); }
  /// Drops the oldest blocks over `most`.
  void audio(std::string frame, std::size_t most);
  void no_audio() { audio_.clear(); }
  void meters(std::string frame) { meters_ = std::move(frame); }
  void scope(std::string frame) { scope_ = std::move(frame); }
  void no_scope() { scope_.reset(); }

  /// Audio comes first, but never twice in a row while something else waits; a reply comes after the state.
  std::optional<Outgoing> next(const Documents& documents);

 private:
  std::optional<Outgoing> next_text(const Documents& documents);
  std::optional<Outgoing> next_picture();

  bool owes_session_ = false;
  bool owes_report_ = false;
  bool owes_history_ = false;
  std::uint64_t revision_ = 0;  ///< Of the state that the page has.
  std::deque<std::string> replies_;
  std::deque<std::string> audio_;
  std::optional<std::string> meters_;
  std::optional<std::string> scope_;
  bool was_audio_ = false;
};

}  // namespace gainstage::desk
