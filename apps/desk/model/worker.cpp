// SPDX-License-Identifier: MIT
#include "worker.h"

#include <algorithm>
#include <utility>

namespace gainstage::desk {

Worker::Worker(Running running) : running_(running), thread_([this] { run(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    waiting_ = nullptr;
    if (cancellation_) cancellation_->cancel();
  }
  has_news_.notify_all();
  thread_.join();
}

void Worker::put(Task task, Clock::time_point due) {
  {
    const std::lock_guard lock(mutex_);
    if (running_ == Running::cancel && cancellation_) cancellation_->cancel();
    waiting_ = std::move(task);
    due_ = due;
  }
  has_news_.notify_all();
}

void Worker::start(Task task, Clock::duration delay) {
  Clock::time_point due = Clock::now() + delay;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_) due = std::min(due, due_);
  }
  put(std::move(task), due);
}

void Worker::start_after_pause(Task task, Clock::duration delay) { put(std::move(task), Clock::now() + delay); }

void Worker::cancel() {
  const std::lock_guard lock(mutex_);
  waiting_ = nullptr;
  if (cancellation_) cancellation_->cancel();
}

void Worker::finish() {
  std::unique_lock lock(mutex_);
  waiting_ = nullptr;
  has_news_.wait(lock, [this] { return !cancellation_; });
}

void Worker::run() {
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    if (!waiting_) {
      has_news_.wait(lock);
      continue;
    }
    if (Clock::now() < due_) {
      const Clock::time_point due = due_;
      has_news_.wait_until(lock, due);
      continue;
    }
    const Task task = std::exchange(waiting_, nullptr);
    cancellation_ = std::make_unique<Cancellation>();
    const Cancellation& cancellation = *cancellation_;
    lock.unlock();
    task(cancellation);
    lock.lock();
    cancellation_.reset();
    has_news_.notify_all();
  }
}

}  // namespace gainstage::desk
