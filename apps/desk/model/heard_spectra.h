// SPDX-License-Identifier: MIT
// What each track is by frequency, from one end of the session to the other.
#pragma once

#include "engine/engine.h"
#include "opened_session.h"

namespace gainstage::desk {

/// `spectra` of the session's document in docs/desk-api.md, at the session's own gains. Tracks that are
/// silent are not in it. `levels`: of a DAW's strips, else empty.
Json spectra_of(const OpenedSession& opened, const Measurements& measurements, const FlowLevels& levels);

}  // namespace gainstage::desk
