// SPDX-License-Identifier: MIT
// Threads that may not be late ask to go before others.
#pragma once

namespace gainstage {

enum class ThreadPriority {
  realtime,  ///< Makes sound when it is due, and sleeps in between.
  early,     ///< Reads what that one needs next.
};

/// Asks for it for the calling thread. False: the system does not allow it (on Linux it takes CAP_SYS_NICE, or a
/// user's limits rtprio and nice), and all stays as it was.
bool ask_for(ThreadPriority priority) noexcept;

}  // namespace gainstage
