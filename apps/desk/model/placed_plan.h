// SPDX-License-Identifier: MIT
// A plan as the desk's strips have it: where each stage goes, and how the walk gets there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "values.h"

namespace gainstage::desk {

/// What the master shows after a step, before the user changes anything.
struct WalkReading {
  double sample_peak_dbfs = 0.0;
  double true_peak_dbtp = 0.0;
  double integrated_lufs = 0.0;
  double short_term_max_lufs = 0.0;
};

struct WalkStage {
  WalkStep step = WalkStep::down;
  std::string name;                 ///< "Low end".
  std::vector<std::size_t> strips;  ///< That enter.
  std::string why;
  std::optional<WalkReading> master;  ///< Absent: silence.
};

struct PlacedPlan {
  std::vector<Position> raised;        ///< One a strip of the table: at a strength of 100.
  std::vector<Position> before_raise;  ///< As the walk builds the mix.
  std::vector<WalkStage> steps;

  const WalkStage* find(WalkStep step) const;
};

/// Where a strip stands that follows strength and walk. `plan`: null while there is none.
Position followed(const DeskStrip& strip, std::size_t index, const PlacedPlan* plan, const Common& common);

/// Whether followed() is known: without a plan only where the desk is the session's own.
bool can_follow(const PlacedPlan* plan, const Common& common);

/// Puts all strips that follow where they belong, if that is known.
void settle(const StageTable& table, const PlacedPlan* plan, DeskValues& values);

/// Whether a strip is let in at this step of the walk. Strips without a step of their own always are.
std::vector<bool> entered(const StageTable& table, const PlacedPlan* plan, const Common& common);

}  // namespace gainstage::desk
