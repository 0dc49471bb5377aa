// SPDX-License-Identifier: MIT
// A folder of stems as a session. What is in the folder and can't be a track is said, never dropped in
// silence.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/channel_position.h"
#include "base/error.h"
#include "session/session.h"

namespace gainstage {

/// What a header tells about a source.
struct SourceInfo {
  double sample_rate_hz = 0.0;
  std::size_t channels = 0;
  Frames frames = 0;
  bool is_truncated = false;
  Frames missing_frames =
      0;  ///< What a truncated file's header promises beyond `frames`; 0 where it does not say.
  std::vector<ChannelPosition> positions = {};  ///< One a channel; empty: the usual order of as many.
  bool are_positions_known = false;             ///< By the file; else they are the usual ones.
};

/// Looks at one audio file. This room knows no audio files, so the caller says how.
using SourceProbe = std::function<Result<SourceInfo>(const std::string& path)>;

/// Something about the folder that the user may want to know.
struct StemNote {
  std::string code;   ///< "truncated", "no_samples", "same_name", "duplicate", "folder_again", "own_output",
                      ///< "left_out", "channel_layout".
  std::string track;  ///< The file or folder it is about, as track names are made; empty when about several.
  std::string sentence;
};

struct StemsFolder {
  Session session;
  std::vector<Error>
      problems;  ///< Files that should be tracks and can't: where.file is the path, where.track the name.
  std::vector<StemNote> notes;
};

/// Every audio file in `folder` and the folders in it. A track's name is its path within the folder, with '/'
/// between the parts; bytes that are not UTF-8 and control characters become U+FFFD in it, and names stay
/// unique.
///
/// What counts as audio is decided by the extension. Hidden files, peak files of DAWs and our own reports are
/// ignored; other files are named in one note. The same file under two names is one track. Errors: bad_input
/// when the folder is missing, is not a folder or has no audio that can be read; io when it can't be listed.
Result<StemsFolder> read_stems(const std::string& folder, const SourceProbe& probe);

}  // namespace gainstage
