// SPDX-License-Identifier: MIT
#include "engine/job.h"

#include <sys/resource.h>

#include <algorithm>

namespace gainstage {

WorkOptions part_of(const WorkOptions& work, double from, double to) {
  WorkOptions part = work;
  if (work.progress) {
    part.progress = [progress = work.progress, from, to](std::string_view what, double share) {
      progress(what, from + (to - from) * share);
    };
  }
  return part;
}

void allow_open_files(std::size_t count) {
  constexpr std::size_t others = 64;  // Standard streams, libraries, outputs.
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = static_cast<rlim_t>(count + others);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ? wanted : std::min(wanted, limit.rlim_max);
  // When the system refuses, opening the first file too many says so, with its name.
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
}

Job::Job(const WorkOptions& work)
    : work_(work), workers_(work.threads), next_report_(std::chrono::steady_clock::now()) {}

Result<void> Job::go_on(std::string_view what, double share) {
  if (work_.progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= next_report_) {
      work_.progress(what, std::clamp(share, 0.0, 1.0));
      next_report_ = now + std::chrono::milliseconds(50);
    }
  }
  return check_cancelled();
}

Result<void> Job::check_cancelled() const {
  if (work_.cancellation != nullptr && work_.cancellation->is_cancelled()) {
    return failure(ErrorCode::cancelled, "The work was stopped before it was done; nothing was written.");
  }
  return {};
}

}  // namespace gainstage
