// SPDX-License-Identifier: MIT
// What written stems are called. Internal to the room.
#pragma once

#include <string>
#include <vector>

#include "audio_file/audio_writer.h"
#include "session/session.h"

namespace gainstage {

/// Where each track's stem lies within the folder of stems, in the session's order, all different: the
/// track's own path with the container's extension. Where two would be the same, one that is called so
/// already keeps its name and the others keep their old extension inside ("a.flac.wav"); what is still taken
/// gets a number
/// ("a.flac (2).wav"). No stem has the name of a folder that another one lies in.
std::vector<std::string> stem_names(const Session& session, Container container);

}  // namespace gainstage
