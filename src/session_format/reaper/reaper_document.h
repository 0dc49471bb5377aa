// SPDX-License-Identifier: MIT
// A REAPER project (.rpp): what it means, and the same bytes with new gains. docs/sessions-reaper.md says
// what is read and on what authority.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "session/signal_flow.h"
#include "session_format/patched_session.h"
#include "session_format/reaper/reading.h"

namespace gainstage {

class ReaperDocument {
 public:
  /// Errors: bad_input, with the line. Cycles are left to check_flow().
  static Result<ReaperDocument> read(std::string bytes);

  const SignalFlow& flow() const { return flow_; }
  const std::string& bytes() const { return bytes_; }

  /// Replaces words that are numbers, nothing else. Of a gain that the format can't hold the part that fits
  /// is applied, down to a hundredth of a dB; the rest is a loss. Errors: usage, for a stage that is not
  /// there or a gain that is no number.
  Result<PatchedSession> patch(std::span<const StageChange> changes,
                               std::span<const std::size_t> unmuted = {}) const;
  bool can_unmute(std::size_t strip) const { return mutes_.contains(strip); }

 private:
  SignalFlow flow_;
  std::string bytes_;
  std::vector<StagePlace> places_;                ///< By stage.
  std::map<std::size_t, ReaperGainPlace> mutes_;  ///< The word that mutes a strip.
};

}  // namespace gainstage
