// SPDX-License-Identifier: MIT
// Where a session's stages stand in a report, and whether it is one that gainstage wrote and nobody has
// touched since.
#pragma once

#include "workspace/daw_session.h"

namespace gainstage {

/// A stage's gain as a report shows it: its static value, or the greatest of the automation where that
/// replaces it.
Db shown(const GainControl& control);

/// By the report beside it (NAME.report.json): every stage it lists stands where it was put, within 0.01 dB.
bool is_as_staged(const DawSession& daw);

}  // namespace gainstage
