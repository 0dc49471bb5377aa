// SPDX-License-Identifier: MIT
#include "engine/workers.h"

#include <algorithm>
#include <utility>

namespace gainstage {

Workers::Workers(std::size_t count) {
  if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
  for (std::size_t i = 1; i < count; ++i) threads_.emplace_back([this] { wait_for_work(); });
}

Workers::~Workers() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::run(std::size_t pieces, const std::function<void(std::size_t)>& work) {
  if (threads_.empty() || pieces <= 1) {
    for (std::size_t i = 0; i < pieces; ++i) work(i);
    return;
  }
  {
    const std::scoped_lock lock(mutex_);
    work_ = &work;
    pieces_ = pieces;
    ++run_;
    next_.store(0);
  }
  has_work_.notify_all();
  work_off(work, pieces);
  std::unique_lock lock(mutex_);
  work_ = nullptr;  // Who wakes up now is too late, and need not be waited for.
  is_idle_.wait(lock, [this] { return busy_ == 0; });
  if (const std::exception_ptr thrown = std::exchange(thrown_, nullptr)) std::rethrow_exception(thrown);
}

void Workers::wait_for_work() {
  std::size_t seen_run = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    has_work_.wait(lock, [&] { return is_ending_ || (work_ != nullptr && run_ != seen_run); });
    if (is_ending_) return;
    seen_run = run_;
    const std::function<void(std::size_t)>& work = *work_;
    const std::size_t pieces = pieces_;
    ++busy_;
    lock.unlock();
    work_off(work, pieces);
    lock.lock();
    if (--busy_ == 0) is_idle_.notify_one();
  }
}

void Workers::work_off(const std::function<void(std::size_t)>& work, std::size_t pieces) {
  try {
    for (std::size_t i = next_++; i < pieces; i = next_++) work(i);
  } catch (...) {
    next_.store(pieces);  // Nobody begins another piece.
    const std::scoped_lock lock(mutex_);
    if (!thrown_) thrown_ = std::current_exception();
  }
}

}  // namespace gainstage
