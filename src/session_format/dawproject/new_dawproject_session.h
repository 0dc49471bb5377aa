// SPDX-License-Identifier: MIT
// A DAWproject session around audio files, written anew.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "session_format/patched_session.h"

namespace gainstage {

/// An audio file that goes into the session's own file. `path` is what a NewTrack's source_path says, and its
/// place in the zip: "audio/kick.wav".
struct EmbeddedMedia {
  std::string path;
  std::string_view bytes;
};

/// Tracks into one master, in seconds. A source that is not among `media` is referred to where it lies. The
/// format has no trim, so the fader holds trim and fader together; what passes the fader's +6.02 dB goes into
/// the clip's gain. Fails where the master passes that, where a source has no length, and where a name is not
/// UTF-8.
Result<std::string> new_dawproject_session(const NewSession& session,
                                           std::span<const EmbeddedMedia> media = {});

}  // namespace gainstage
