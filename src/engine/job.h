// SPDX-License-Identifier: MIT
// What every job of the engine shares: its threads, its progress and its end. Internal to the room.
#pragma once

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "engine/progress.h"

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

  /// Calls work(i) for every i < count, on any thread, and waits for all.
  template <typename Work>
  void for_each(std::size_t count, const Work& work) {
    // TBB orders all of this itself; said once more here, because a sanitizer sees our code only.
    std::atomic<std::size_t> done;
    done.store(0, std::memory_order_release);
    arena_.execute([&] {
      using Range = oneapi::tbb::blocked_range<std::size_t>;
      oneapi::tbb::parallel_for(
          Range(0, count, 1),
          [&](const Range& range) {
            static_cast<void>(done.load(std::memory_order_acquire));
            for (std::size_t i = range.begin(); i != range.end(); ++i) work(i);
            done.fetch_add(range.size(), std::memory_order_release);
          },
          oneapi::tbb::simple_partitioner());
    });
    const std::size_t all = done.load(std::memory_order_acquire);
    assert(all == count);
    static_cast<void>(all);
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

 private:
  WorkOptions work_;
  std::optional<oneapi::tbb::global_control> more_threads_;  ///< Where more are wanted than the machine has.
  oneapi::tbb::task_arena arena_;
  std::chrono::steady_clock::time_point next_report_;
};

}  // namespace gainstage
