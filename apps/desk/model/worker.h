// SPDX-License-Identifier: MIT
// A thread for what takes long. Of what is asked of it only the newest counts.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/progress.h"

namespace gainstage::desk {

class Worker {
 public:
  using Task = std::function<void(const Cancellation&)>;
  using Clock = std::chrono::steady_clock;

  enum class Running {
    cancel,  ///< What runs is cancelled: its result does not matter any more.
    finish,  ///< What runs is done first.
  };

  explicit Worker(Running running);
  ~Worker();  ///< Cancels what runs, forgets what waits, and waits for the thread.
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// In place of what waits, not sooner than in `delay`; where something waited already, when that was due.
  void start(Task task, Clock::duration delay = {});  // [main]
  /// The same, but the delay counts anew: for what should follow the last of many changes.
  void start_after_pause(Task task, Clock::duration delay);  // [main]
  void cancel();                                             // [main] What runs and what waits.
  void finish();  // [main] Forgets what waits, and waits until nothing runs.

 private:
  void run();
  void put(Task task, Clock::time_point due);

  Running running_;
  std::mutex mutex_;  ///< Guards all below.
  std::condition_variable has_news_;
  Task waiting_;
  Clock::time_point due_;
  std::unique_ptr<Cancellation> cancellation_;  ///< Of what runs; null: nothing does.
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace gainstage::desk
