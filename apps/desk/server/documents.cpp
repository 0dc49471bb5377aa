// SPDX-License-Identifier: MIT
#include "desk/server/documents.h"

#include <fmt/format.h>

#include <cassert>

namespace gainstage::desk {
namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

void Documents::set_session(std::string text) { session_ = std::move(text); }

void Documents::patch_state(const Json& patch) {
  merge_keeping_nulls(state_, patch);
  ++revision_;
  patches_.push_back(
      fmt::format(R"({{"event":"state","revision":{},"patch":{}}})", revision_, text_of(patch)));
  if (patches_.size() > kept_patches) patches_.pop_front();
}

std::optional<std::string> Documents::read(std::string_view name) const {
  if (name == "session") return unless_empty(session_);
  if (name == "state") return revision_ > 0 ? std::optional(text_of(state_)) : std::nullopt;
  if (name == "report") return unless_empty(report_);
  if (name == "history") return unless_empty(history_);
  if (name == "targets") return unless_empty(targets_);
  return std::nullopt;
}

std::string Documents::session_message() const {
  return fmt::format(R"({{"event":"session","session":{}}})", session_);
}

Documents::StateMessage Documents::state_message(std::uint64_t revision) const {
  assert(revision < revision_);
  const std::uint64_t behind = revision_ - revision;
  if (revision > 0 && behind <= patches_.size()) return {patches_[patches_.size() - behind], revision + 1};
  return {fmt::format(R"({{"event":"state","revision":{},"state":{}}})", revision_, text_of(state_)),
          revision_};
}

}  // namespace gainstage::desk
