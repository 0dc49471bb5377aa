// SPDX-License-Identifier: MIT
// From what a DAW's session says to a session whose tracks are what its strips add to the mix.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "session/session.h"
#include "staging/plan.h"

namespace gainstage {

/// Where a session's media may be, besides where it says.
struct MediaPlaces {
  std::string session_folder;
  std::vector<std::string> folders = {};  ///< Relative to the session's; looked through by file name.
};

/// Sets `found_path`, and the channels, rate and length that the file has, of every source that is there and
/// can be read. Paths with backslashes are looked for by their last part too. Returns a warning for each that
/// is not, code "missing-media" or "unreadable-media".
std::vector<Warning> find_media(SignalFlow& flow, const MediaPlaces& places);

/// Whether a session of which nothing can be heard is an error.
enum class Emptiness { refuse, allow };

struct FlowSession {
  Session session;
  std::vector<std::string> kept;     ///< Tracks of which a part is missing: what is there is mixed as it is.
  std::vector<std::size_t> unheard;  ///< Strips with content, of which nothing can be read: no tracks.
  std::vector<Warning> notes;
};

/// A track for every strip that reaches the mix and has clips that can be heard, or a printed stem.
/// `printed`: path by strip name. Inserts are not run, and a note says of which strips. Errors: bad_input for
/// a flow that is not sound (check_flow()), without a rate that audio has, over 24 hours long, or of which
/// nothing is left.
Result<FlowSession> session_of(SignalFlow flow, const std::map<std::string, std::string>& printed = {},
                               Emptiness emptiness = Emptiness::refuse);

}  // namespace gainstage
