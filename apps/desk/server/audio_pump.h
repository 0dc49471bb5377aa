// SPDX-License-Identifier: MIT
// The thread that makes the sound: a block every 10 ms, handed over to the network's thread without waiting
// for it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "base/audio_view.h"
#include "desk/server/frames.h"
#include "desk/server/pacer.h"
#include "engine/live/live_desk.h"

namespace gainstage::desk {

struct PumpOptions {
  double sample_rate_hz = 48000.0;
  std::size_t channels = 2;  ///< Of what LiveDesk::process() makes; pages get two.
  double pace = 1.0;         ///< Times real time.
};

/// Frames of a block: 10 ms.
std::size_t pump_block_frames(double sample_rate_hz);

class AudioPump {
 public:
  /// `wake` is called from the pump's thread when there is a chunk and nobody was woken since the last
  /// take().
  AudioPump(LiveDesk& live, const PumpOptions& options, std::function<void()> wake);
  ~AudioPump();
  AudioPump(const AudioPump&) = delete;
  AudioPump& operator=(const AudioPump&) = delete;

  // Of one thread, the network's:
  void lead_begins(double lead_ms);
  void heard(double fill_ms);
  /// Calls `use` for each chunk that waits. One that finds no room is dropped; its number is missing.
  template <typename Use>
  void take(Use use) {
    is_woken_.store(false);
    std::size_t tail = tail_.load(std::memory_order_relaxed);
    for (; tail != head_.load(std::memory_order_acquire); ++tail) {
      use(slots_[tail % slots_.size()]);
      tail_.store(tail + 1, std::memory_order_release);
    }
  }

 private:
  void run();
  void make_block();
  void read_reports(Pacer::Time now);

  LiveDesk& live_;
  PumpOptions options_;
  std::function<void()> wake_;
  AudioBuffer buffer_;
  Pacer pacer_;
  std::uint64_t made_ = 0;

  // One writes, one reads: chunks tail_ to head_ wait.
  std::vector<AudioChunk> slots_;
  std::atomic<std::size_t> head_ = 0;
  std::atomic<std::size_t> tail_ = 0;
  std::atomic<bool> is_woken_ = false;

  // What the page says, and how often it has said it.
  std::atomic<double> lead_ms_ = 0.0;
  std::atomic<std::uint32_t> leads_ = 0;
  std::atomic<double> fill_ms_ = 0.0;
  std::atomic<std::uint32_t> reports_ = 0;
  std::uint32_t seen_leads_ = 0;
  std::uint32_t seen_reports_ = 0;

  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace gainstage::desk
