// SPDX-License-Identifier: MIT
// A session in parts, each of which every stage of the desk moves as a whole: so its mix is known wherever
// the stages stand, without mixing.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "session/session.h"

namespace gainstage {

/// What one track adds to the mix on one way through the desk. Its gain is the product of the ratios of the
/// stages it passes.
struct DeskPart {
  std::size_t track = 0;            ///< Of the session.
  std::vector<std::size_t> trims;   ///< Strips whose trims it passes.
  std::vector<std::size_t> faders;  ///< Strips whose faders it passes.
};

struct DeskParts {
  Session session;              ///< Its tracks are the parts.
  std::vector<DeskPart> parts;  ///< One a track of it.
};

/// More are not made: what is kept of them grows with their square.
inline constexpr std::size_t most_desk_parts = 384;

/// Of a session with a flow: a part for each way from a track to the mix. Of stems: the tracks themselves, as
/// flow_of_stems() has them: strip i is track i, and the strip behind the last one is the master, which all
/// pass. Errors: bad_input, where the ways are more than most_desk_parts.
Result<DeskParts> desk_parts(const Session& session);

/// One a part, for ratios on the session's own gains: one a strip of the flow. A VCA is in the faders of its
/// members, a mute is a fader's ratio of 0.
std::vector<Db> gains_of(std::span<const DeskPart> parts, std::span<const double> trims,
                         std::span<const double> faders);

}  // namespace gainstage
