// SPDX-License-Identifier: MIT
// How long a file is, and how much of what its header promises is missing. For this room only.
#pragma once

#include <string>

#include "audio_file/sound_file.h"
#include "base/error.h"
#include "base/units.h"

namespace gainstage {

struct FileLength {
  Frames frames = 0;
  Frames missing_frames = 0;
  bool is_truncated = false;
};

/// Whether the header promises samples that are not there, as a sentence; empty when not.
std::string truncation_sentence(const std::string& path);

/// Error: a file of which more would be lost in silence than is read (an MP3 without an index, a FLAC with a
/// wrong length, a recording that was not closed).
Result<FileLength> find_length(const std::string& path, const SF_INFO& info);

}  // namespace gainstage
