// SPDX-License-Identifier: MIT
// Several files measured side by side; one that fails does not stop the others.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace gainstage::cli {

/// A result a file, in their order.
/// A DAW's session among them is measured as what its desk plays; `printed_folder` holds its printed stems.
std::vector<Result<FileMeasurements>> measure_files(const std::vector<std::string>& files,
                                                    const MeasureOptions& options, const WorkOptions& work,
                                                    const std::string& printed_folder = {});

}  // namespace gainstage::cli
