// SPDX-License-Identifier: MIT
// How work that takes a while is watched and stopped.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

namespace gainstage {

/// Called now and then with what is being done and the share done, 0..1. Thread: any; calls never overlap.
using Progress = std::function<void(std::string_view what, double share)>;

/// Set from anywhere (a signal handler too); work looks at it at every block and stops with
/// ErrorCode::cancelled.
class Cancellation {
 public:
  void cancel() noexcept { is_cancelled_.store(true, std::memory_order_relaxed); }              // [any]
  bool is_cancelled() const noexcept { return is_cancelled_.load(std::memory_order_relaxed); }  // [any]

 private:
  std::atomic<bool> is_cancelled_{false};
};

class DecodedSamples;

/// How the engine works; never what it decides.
struct WorkOptions {
  std::size_t threads = 0;  ///< 0: as many as the machine has.
  Progress progress;        ///< May be empty.
  const Cancellation* cancellation = nullptr;
  /// Set: measuring a session fills it, and whatever sums the same session then need not decode those tracks.
  DecodedSamples* decoded = nullptr;
};

}  // namespace gainstage
