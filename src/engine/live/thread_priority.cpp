// SPDX-License-Identifier: MIT
#include "engine/live/thread_priority.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>

namespace gainstage {
namespace {

/// Low among realtime threads: a sound server's own go first.
constexpr int realtime_level = 5;
constexpr int early_niceness = -11;

}  // namespace

bool ask_for(ThreadPriority priority) noexcept {
#ifdef __linux__
  // Of a process 0, Linux means the calling thread alone.
  if (priority == ThreadPriority::early) return setpriority(PRIO_PROCESS, 0, early_niceness) == 0;
#else
  if (priority == ThreadPriority::early) return false;
#endif
  sched_param wanted{};
  wanted.sched_priority = realtime_level;
  return pthread_setschedparam(pthread_self(), SCHED_RR, &wanted) == 0;
}

}  // namespace gainstage
