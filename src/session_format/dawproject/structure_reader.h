// SPDX-License-Identifier: MIT
// The mixer of a project: channels with their faders, pans, sends and devices, and where they go.
#pragma once

#include <string>
#include <unordered_map>

#include "session_format/dawproject/automation_index.h"

namespace gainstage::dawproject {

/// The strips that elements stand for, by the ids of their Track and of their Channel.
using StripsById = std::unordered_map<std::string, std::size_t>;

/// Fills strips, VCAs and master of the flow.
StripsById read_structure(ProjectReading& reading, AutomationIndex& automation, SignalFlow& flow,
                          GainPlaces& places, MutePlaces& mutes);

}  // namespace gainstage::dawproject
