// SPDX-License-Identifier: MIT
// The benchmark's songs: folders of stems at mix level, and the demo.
#pragma once

#include <span>
#include <string>

#include "balance/scramble.h"
#include "base/error.h"

namespace gainstage::bench {

/// A folder whose stems, summed as they are, are the mix.
Result<Song> song_from_folder(const std::string& folder);

/// The demo, written into `folder` first, measured there, and taken to its known balance.
Result<Song> demo_song(const std::string& folder);

/// The same song, measured from copies of its files (32-bit float, in `folder`) whose samples were changed by
/// the gains.
Result<Measurements> measured_from_files(const Song& song, std::span<const Db> gains,
                                         const std::string& folder);

}  // namespace gainstage::bench
