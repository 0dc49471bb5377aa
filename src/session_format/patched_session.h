// SPDX-License-Identifier: MIT
// What every session format gives back of a plan, and what it makes a new session of.
//
// Each format's document has the same shape (no base class; open_session.h holds one of them):
//   static Result<XDocument> read(std::string bytes);          // bytes in, sentence out
//   const SignalFlow& flow() const;                            // what they mean
//   const std::string& bytes() const;                          // as they came
//   bool can_unmute(std::size_t strip) const;                  // it is muted, and that stands in the bytes
//   // New gains, and strips that are not muted any more; no change: the same bytes. Error: usage, for one
//   // that can't be unmuted.
//   Result<PatchedSession> patch(std::span<const StageChange>, std::span<const std::size_t> unmuted = {})
//   const;
// and a writer: Result<std::string> new_x_session(const NewSession&).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "session/signal_flow.h"

namespace gainstage {

/// A session's bytes with new gains, every other byte as it was.
struct PatchedSession {
  std::string bytes;
  std::vector<StageChange> applied;  ///< What the bytes now hold, in the order asked for.
  std::vector<StageLoss> losses;     ///< What the format can't hold, in the order asked for.
};

/// A track around one audio file, for a session that is written anew.
struct NewTrack {
  std::string name;
  std::string source_path;  ///< As the session shall name it: absolute or relative to the session's folder.
  double source_rate_hz = 0.0;
  std::size_t channels = 0;
  Frames source_frames = 0;
  double trim_ratio = 1.0;  ///< Amplitude.
  double fader_ratio = 1.0;
};

struct NewSession {
  std::string name;
  double sample_rate_hz = 48000.0;
  std::vector<NewTrack> tracks;
  double master_ratio = 1.0;
};

}  // namespace gainstage
