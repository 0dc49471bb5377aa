// SPDX-License-Identifier: MIT
// A REAPER project around stems.
#pragma once

#include <string>

#include "base/error.h"
#include "session_format/patched_session.h"

namespace gainstage {

/// The bytes of a `.rpp`: a track with one item for each stem, faders set, the trim on the item. The same
/// session gives the same bytes. Errors: usage, for a number that is none or does not fit, or a path no
/// project can name.
Result<std::string> new_reaper_session(const NewSession& session);

}  // namespace gainstage
