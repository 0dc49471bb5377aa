// SPDX-License-Identifier: MIT
#include "worker.h"

#include <gtest/gtest.h>

#include <atomic>

namespace gainstage::desk {
namespace {

using std::chrono::milliseconds;

void wait_until(const std::atomic<bool>& flag) {
  while (!flag.load()) std::this_thread::sleep_for(milliseconds(1));
}

TEST(Worker, CancelsWhatRunsForWhatIsNewer) {
  Worker worker(Worker::Running::cancel);
  std::atomic<bool> has_begun{false};
  std::atomic<bool> was_cancelled{false};
  std::atomic<bool> is_done{false};
  worker.start([&](const Cancellation& cancellation) {
    has_begun = true;
    while (!cancellation.is_cancelled()) std::this_thread::sleep_for(milliseconds(1));
    was_cancelled = true;
  });
  wait_until(has_begun);
  worker.start([&](const Cancellation&) { is_done = true; });
  wait_until(is_done);
  EXPECT_TRUE(was_cancelled);
}

TEST(Worker, DoesOnlyTheNewestOfWhatWaits) {
  Worker worker(Worker::Running::finish);
  std::atomic<int> sum{0};
  std::atomic<bool> is_done{false};
  for (int i = 1; i <= 5; ++i)
    worker.start([&sum, &is_done, i](const Cancellation&) { sum += i, is_done = true; }, milliseconds(100));
  wait_until(is_done);
  worker.finish();
  EXPECT_EQ(sum, 5);
}

TEST(Worker, IsNotHeldUpByWhatKeepsComing) {
  Worker worker(Worker::Running::finish);
  std::atomic<bool> is_done{false};
  const auto begun = std::chrono::steady_clock::now();
  while (!is_done && std::chrono::steady_clock::now() < begun + std::chrono::seconds(20)) {
    worker.start([&](const Cancellation&) { is_done = true; }, milliseconds(50));
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(is_done);
}

TEST(Worker, EndsWithoutWhatWaits) {
  std::atomic<bool> is_done{false};
  {
    Worker worker(Worker::Running::cancel);
    worker.start([&](const Cancellation&) { is_done = true; }, std::chrono::hours(1));
  }
  EXPECT_FALSE(is_done);
}

}  // namespace
}  // namespace gainstage::desk
