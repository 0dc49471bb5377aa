// SPDX-License-Identifier: MIT
// What the report of a DAW's session says beside that of stems.
#pragma once

#include "engine/measure_flow.h"
#include "report/report.h"
#include "staging/placement.h"
#include "workspace/daw_session.h"

namespace gainstage {

/// What was changed of `before`, by its moves, what the format took, and the session that came of it. Without
/// `written` and `place`.
ReportSession session_changes(const DawSession& before, const Placement& placement,
                              const PatchedSession& patched, const Session& after);

/// Puts the desk's own levels (of the session before) in place of the tracks' as they are heard in the mix.
void take_flow_levels(Report& report, const Session& session, const FlowLevels& levels);

}  // namespace gainstage
