// SPDX-License-Identifier: MIT
// A minute of song made by code, written as a folder of badly staged stems: something to try everything on,
// and a balance that is known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audio_file/audio_writer.h"
#include "base/error.h"
#include "base/units.h"
#include "engine/progress.h"

namespace gainstage {

/// What is wrong with a stem besides its level.
enum class DemoFlaw {
  none,
  silent,     ///< Digital silence: a track that was never recorded.
  clipped,    ///< Driven past full scale and cut off there.
  dc_offset,  ///< Stands beside zero.
  inverted,   ///< Polarity against its twin.
};

struct DemoStem {
  std::string_view name;  ///< File name.
  std::size_t channels = 2;
  double sample_rate_hz = 48000.0;
  DemoFlaw flaw = DemoFlaw::none;
  Db scatter;  ///< How far the file's level is off the composer's mix.
  Db in_mix;   ///< The composer's: integrated loudness less that of the whole mix, LU.
};

/// The stems write_demo() writes, in the order of their names.
std::span<const DemoStem> demo_stems();

/// The gain that takes each stem, as written, to its level in the composer's mix; absent for the silent one.
std::vector<std::optional<Db>> demo_balance();

/// Writes the stems into `folder`, which is made if it isn't there, and returns their paths. The bytes are
/// the same at every run. Errors: those of AudioWriter, cancelled; what this run wrote is removed then.
Result<std::vector<std::string>> write_demo(const std::string& folder, Overwrite overwrite,
                                            const WorkOptions& work = {});

}  // namespace gainstage
