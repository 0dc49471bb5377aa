// SPDX-License-Identifier: MIT
// Reads ahead what enters the strips, and evaluates the gains that move. Internal to the room.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/audio_view.h"
#include "engine/live/exchange.h"
#include "engine/live/live_plan.h"
#include "engine/strip_reader.h"
#include "session/session.h"

namespace gainstage {

/// From where to read on. Each has a generation of its own, which tells old from new.
struct FeedRequest {
  std::uint64_t generation = 0;
  Frames position = 0;
  Frames loop_first = 0;
  Frames loop_last = 0;  ///< That of `loop_first`: none.
};

/// Some frames in a row of all that is fed.
struct FeedSlot {
  struct Stretch {
    std::size_t first = 0;
    std::size_t frames = 0;
    std::size_t values = 0;  ///< Where its gains begin among `values`; their steps follow unless constant.
    bool is_constant = true;
  };

  std::uint64_t generation = 0;
  Frames first = 0;
  std::size_t frames = 0;
  Frames next = 0;      ///< The frame that is heard after these: the next one, or the loop's first.
  bool is_end = false;  ///< The session ends here; no frames.
  AudioBuffer sound = {};
  std::vector<char> is_silent = {};  ///< Of each fed strip.
  std::vector<Stretch> stretches = {};
  std::vector<std::size_t> stretches_of = {};  ///< Where those of each moving matrix begin; and the end.
  std::vector<double> values = {};

  std::span<const Stretch> of(std::size_t moving) const {
    return std::span(stretches).subspan(stretches_of[moving],
                                        stretches_of[moving + 1] - stretches_of[moving]);
  }
};

/// Has a thread of its own, which fills slots; the one that makes the sound takes them, in their order.
class Feeder {
 public:
  /// Takes the plan's moving gains. The session outlives this. [main]
  Feeder(const Session& session, LivePlan& plan, double ahead_s);
  ~Feeder();
  Feeder(const Feeder&) = delete;
  Feeder& operator=(const Feeder&) = delete;

  void ask(const FeedRequest& request) noexcept;                                             // [rt]
  std::uint64_t taken() const noexcept { return taken_.load(std::memory_order_relaxed); }    // [rt]
  std::uint64_t filled() const noexcept { return filled_.load(std::memory_order_acquire); }  // [rt]
  const FeedSlot& slot(std::uint64_t number) const noexcept {
    return slots_[number % slots_.size()];
  }                                                                              // [rt]
  bool is_full() const noexcept { return filled() - taken() == slots_.size(); }  // [rt]
  /// Until there are more slots than `seen`.
  void wait(std::uint64_t seen) const noexcept { filled_.wait(seen, std::memory_order_acquire); }
  void take() noexcept;  ///< Slot number taken() is done with. [rt]

 private:
  struct Input {
    std::size_t strip = 0;
    std::string printed = {};
    std::size_t first = 0;  ///< Of its channels.
    std::size_t channels = 0;
    bool is_opened = false;
    std::optional<StripInput> sound = {};  ///< Absent: can't be opened.
  };

  void run();
  bool fill_next();
  bool is_outdated() const { return newest_.load(std::memory_order_acquire) != generation_; }
  bool fill(FeedSlot& slot);
  void read(std::size_t fed, FeedSlot& slot);
  void evaluate(FeedSlot& slot);
  void wake() noexcept;

  const Session* session_;
  std::vector<Input> inputs_;  ///< One a fed strip.
  std::vector<TimedGains> moving_;
  Frames length_;
  std::size_t slot_frames_;

  std::vector<FeedSlot> slots_;
  alignas(64) std::atomic<std::uint64_t> filled_ = 0;
  alignas(64) std::atomic<std::uint64_t> taken_ = 0;
  std::atomic<std::uint64_t> newest_ = 0;  ///< Generation asked for.
  LatestValue<FeedRequest> request_;
  alignas(64) std::atomic<int> calls_ = 0;
  std::atomic<bool> is_over_ = false;

  // The reading thread's.
  std::uint64_t generation_ = 0;
  FeedRequest now_;
  Frames position_ = 0;
  bool is_at_end_ = false;
  std::size_t next_frames_ = 0;

  std::thread thread_;
};

}  // namespace gainstage
