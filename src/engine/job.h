// SPDX-License-Identifier: MIT
// What every job of the engine shares: its threads, its progress and its end. Internal to the room.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/progress.h"
#include "engine/workers.h"

namespace gainstage {

/// A part of a greater work: its progress runs from `from` to `to` of the whole.
WorkOptions part_of(const WorkOptions& work, double from, double to);

/// Allows as many open files as the session may need; the system's hard limit stays. Thread: main.
void allow_open_files(std::size_t count);

/// Runs independent pieces of work on the threads that were asked for. Results never depend on their number,
/// because pieces share nothing and are put together in their order by the caller.
class Job {
 public:
  explicit Job(const WorkOptions& work);

  std::size_t threads() const { return workers_.threads(); }  ///< That work at the same time.

  /// Calls work(i) for every i < count, on any thread, and waits for all.
  template <typename Work>
  void for_each(std::size_t count, const Work& work) {
    workers_.run(count, std::cref(work));
  }

  /// As for_each() for work that returns Result<void>: the failure of the lowest index, whichever came first.
  template <typename Work>
  Result<void> try_each(std::size_t count, const Work& work) {
    std::vector<Result<void>> results(count);
    for_each(count, [&](std::size_t i) { results[i] = work(i); });
    for (Result<void>& result : results) {
      if (!result) return std::move(result);
    }
    return {};
  }

  /// Tells the progress, at most about 20 times a second, and whether to go on. To be called between blocks,
  /// from one thread at a time.
  Result<void> go_on(std::string_view what, double share);
  Result<void> check_cancelled() const;
  DecodedSamples* decoded() const { return work_.decoded; }  ///< May be null.

 private:
  WorkOptions work_;
  Workers workers_;
  std::chrono::steady_clock::time_point next_report_;
};

}  // namespace gainstage
