// SPDX-License-Identifier: MIT
// The session at a glance: greatest peaks over time, at its own gains.
#pragma once

#include "base/error.h"
#include "engine/engine.h"
#include "opened_session.h"

namespace gainstage::desk {

/// {"hop_s", "peak_dbfs", "strips"} of docs/desk-api.md. Mixes the session once. Errors: of reading.
Result<Json> overview_of(const OpenedSession& opened, const Measurements& measurements, const WorkOptions& work);

}  // namespace gainstage::desk
