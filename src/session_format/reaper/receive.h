// SPDX-License-Identifier: MIT
// REAPER's sends, which stand at the track that receives them.
#pragma once

#include <optional>
#include <vector>

#include "session_format/reaper/reading.h"
#include "session_format/reaper/track.h"

namespace gainstage {

/// The send that the envelopes after a line AUXRECV belong to.
struct Receive {
  std::size_t sender = 0;
  std::size_t send = 0;  ///< Of the sender's.
  AutomationMode automation = AutomationMode::multiplies;
};

/// Adds the send to its sender. Absent: it carries no audio, or an error ends the reading.
std::optional<Receive> read_receive(Reading& reading, const RppWords& words,
                                    const std::vector<TrackHead>& heads, std::size_t receiver,
                                    double project_pan_law);

/// True when the block is an envelope of a receive.
bool read_receive_envelope(Reading& reading, std::size_t block, const std::vector<TrackHead>& heads,
                           const std::optional<Receive>& receive);

}  // namespace gainstage
