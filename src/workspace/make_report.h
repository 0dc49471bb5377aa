// SPDX-License-Identifier: MIT
// The report of a run, from what the engine heard and did.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "report/report.h"
#include "workspace/stage_settings.h"

namespace gainstage {

/// What was written; absent in a dry run.
struct WrittenMix {
  FileMeasurements measured;  ///< Of the file, decoded again.
  RenderReport rendered;
  std::vector<std::string> stems;  ///< Paths within the output folder, in the session's order; empty: none.
};

/// The gain of each track as it is rendered: decisions of 0.01 dB, without the crumbs of binary fractions, so
/// that a saved plan gives the same numbers. Minus infinity for silent tracks.
std::vector<Db> rendered_gains(const GainPlan& plan);

/// `notes` are what reading the folder found.
Report make_report(const Session& session, const StagedSession& staged, const StageSettings& settings,
                   Json options, const std::vector<Target>& targets, std::vector<Warning> notes,
                   const std::optional<WrittenMix>& written);

}  // namespace gainstage
