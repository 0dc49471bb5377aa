// SPDX-License-Identifier: MIT
// Whether a session is one that gainstage wrote and nobody has touched since.
#pragma once

#include "daw_session.h"

namespace gainstage::cli {

/// By the report beside it (NAME.report.json): every stage it lists stands where it was put, within 0.01 dB.
bool is_as_staged(const DawSession& daw);

}  // namespace gainstage::cli
