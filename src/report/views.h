// SPDX-License-Identifier: MIT
// The reports as text for a terminal. Every line ends with a newline.
#pragma once

#include <string>
#include <vector>

#include "report/report.h"
#include "report/text_table.h"

namespace gainstage {

/// A file and what it measures, or why it does not.
struct MeasuredFile {
  std::string file;
  Result<Measure> measure;
};

/// The moves, the build, the verdict and the warnings.
std::string stage_text(const Report& report, const TextStyle& style);

/// Whether plain gain gets to the target, before anything is written.
std::string feasibility_text(const GainPlan& plan, const DeliveryTarget& aim, Reach reach,
                             const TextStyle& style);

/// Figures as rows, files as columns, in as many tables as the width asks for.
std::string measure_text(const std::vector<MeasuredFile>& files, const TextStyle& style);

/// One file against one destination.
std::string check_text(const std::string& file, const Check& check, const Target& target,
                       const TextStyle& style);

/// One line a destination, or one destination in full.
std::string targets_text(const std::vector<Target>& targets, const TextStyle& style);
std::string target_text(const Target& target, const TextStyle& style);

/// "-14.0", "+3.2" where signed, "silent" for minus infinity.
std::string level_text(double value);
std::string gain_text(Db gain);
/// "1:02.5", "2:13:00".
std::string time_text(double seconds);

}  // namespace gainstage
