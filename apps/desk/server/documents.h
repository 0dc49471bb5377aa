// SPDX-License-Identifier: MIT
// What the desk has told the network's thread: the documents as every page gets them.
#pragma once

#include <cstdint>
#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "desk/server/merge_patch.h"

namespace gainstage::desk {

class Documents {
 public:
  void set_session(std::string text);
  /// Makes a revision of the state.
  void patch_state(const Json& patch);
  void set_report(std::string text) { report_ = std::move(text); }
  void set_history(std::string text) { history_ = std::move(text); }
  void set_targets(std::string text) { targets_ = std::move(text); }

  /// By the name under /api/; none where there is none yet.
  std::optional<std::string> read(std::string_view name) const;

  bool has_session() const { return !session_.empty(); }
  /// 0: nothing is known yet.
  std::uint64_t revision() const { return revision_; }
  std::string session_message() const;

  struct StateMessage {
    std::string text;
    std::uint64_t revision = 0;  ///< That a page has after it.
  };
  /// The next message for a page that has `revision` (0: none). There is one unless it has the newest. A page
  /// a few revisions behind gets their patches, one that is further behind the newest state as a whole.
  StateMessage state_message(std::uint64_t revision) const;

 private:
  static constexpr std::size_t kept_patches = 8;

  std::string session_;
  std::string report_;
  std::string history_;
  std::string targets_;
  Json state_;
  std::uint64_t revision_ = 0;
  std::deque<std::string> patches_;  ///< Messages up to the newest revision.
};

}  // namespace gainstage::desk
