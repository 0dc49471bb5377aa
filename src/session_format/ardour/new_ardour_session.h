// SPDX-License-Identifier: MIT
// A session that Ardour 7 opens, around audio files that lie where they are.
#pragma once

#include <string>

#include "base/error.h"
#include "session_format/patched_session.h"

namespace gainstage {

/// A mono or stereo track for each file, its clip from the start on, its trim and fader as given; all go to a
/// stereo master. Files are named by absolute path, or relative to the session's folder. Names are made fit
/// for Ardour's ports: ':' becomes '-', and equal ones get a number.
///
/// Errors: no track, more than two channels, an empty file, a rate that is none, a gain outside what Ardour's
/// controls hold (fader and master to +6 dB, trim within 20 dB), a name or path that is not UTF-8.
Result<std::string> new_ardour_session(const NewSession& session);

}  // namespace gainstage
