// SPDX-License-Identifier: MIT
// Threads that share out independent pieces of work. Internal to the room.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace gainstage {

/// The threads sleep between runs and end with their owner.
class Workers {
 public:
  /// `count` threads work at the same time, the caller of run() among them; 0: as many as the machine has.
  explicit Workers(std::size_t count);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::size_t threads() const { return threads_.size() + 1; }

  /// Calls work(i) once for every i < pieces, on any of the threads and in any order, and waits for all. What
  /// a piece throws is thrown on. Not to be called by a piece, nor by two threads at once.
  void run(std::size_t pieces, const std::function<void(std::size_t)>& work);

 private:
  void wait_for_work();
  void work_off(const std::function<void(std::size_t)>& work, std::size_t pieces);

  std::vector<std::thread> threads_;
  std::atomic<std::size_t> next_{0};  ///< Piece.

  std::mutex mutex_;  ///< Guards all below.
  std::condition_variable has_work_;
  std::condition_variable is_idle_;
  const std::function<void(std::size_t)>* work_ = nullptr;  ///< Null: nothing to begin.
  std::size_t pieces_ = 0;
  std::size_t run_ = 0;   ///< Number of the present run: nobody joins one twice.
  std::size_t busy_ = 0;  ///< Threads that are in the present run.
  bool is_ending_ = false;
  std::exception_ptr thrown_;
};

}  // namespace gainstage
