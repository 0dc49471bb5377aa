// SPDX-License-Identifier: MIT
// Made-up songs: stems that differ in spectrum, crest, length, channels and level, and whose names tell
// roles.
#pragma once

#include <rapidcheck.h>

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/test_session.h"

namespace gainstage::test {

/// Tells a song to the last sample.
struct SongRecipe {
  unsigned seed = 0;
  std::size_t tracks = 5;
  double rate_hz = 48000.0;
};
std::ostream& operator<<(std::ostream& out, const SongRecipe& recipe);

/// 5 to 8 tracks, mostly at 16 kHz to be quick.
rc::Gen<SongRecipe> recipes();

struct Stem {
  std::string name;  ///< Without number and extension.
  AudioBuffer samples;
  double rate_hz = 0.0;
};

std::vector<Stem> make_stems(const SongRecipe& recipe);

/// A session of the stems as files of 32-bit floats.
class SongFiles : public TestSession {
 public:
  /// Each stem scaled by its gain in dB; none: as they are. Track k is stem order[k], its name numbered by k
  /// so that it sorts there; none: as they come.
  explicit SongFiles(const std::vector<Stem>& stems, const std::vector<double>& gains_db = {},
                     std::vector<std::size_t> order = {});
};

/// The session of files that were written from another's, in its order.
Session session_of(const Session& source, const std::vector<std::string>& paths);

/// How a mix is written and measured.
struct MixFormat {
  SampleFormat sample_format = SampleFormat::pcm24;
  std::size_t threads = 0;
};

/// Writes the mix of a plan to `path`.
void write_mix(const Session& session, const GainPlan& plan, const std::string& path,
               const MixFormat& format = {});

}  // namespace gainstage::test
