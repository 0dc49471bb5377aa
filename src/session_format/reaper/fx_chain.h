// SPDX-License-Identifier: MIT
// REAPER's chains of plug-ins, as named black boxes.
#pragma once

#include <vector>

#include "session_format/reaper/reading.h"

namespace gainstage {

struct FxChain {
  std::vector<Insert> inserts;  ///< All before the fader: REAPER has no others.
  bool makes_sound = false;     ///< An instrument is switched on.
};

enum class ChainState { bypassed, active };

/// Of a block FXCHAIN, MASTERFXLIST or TAKEFX.
FxChain read_fx_chain(Reading& reading, std::size_t block, ChainState state);

}  // namespace gainstage
