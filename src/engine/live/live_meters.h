// SPDX-License-Identifier: MIT
// What a desk's meters show while it plays. Internal to the room.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/audio_view.h"
#include "dsp/k_weighting_hops.h"
#include "engine/live/exchange.h"
#include "engine/live/live_desk.h"
#include "engine/live/live_mixer.h"
#include "engine/live/live_plan.h"
#include "meters/sliding_sum.h"
#include "meters/true_peak.h"
#include "meters/vu.h"

namespace gainstage {

/// Hops of 10 ms in which all taps are metered together. Hop n ends where millisecond 10 n + 9 does.
class LiveHop {
 public:
  explicit LiveHop(double sample_rate_hz);

  static constexpr std::size_t ticks = 10;
  std::size_t frames() const noexcept { return frames_; }
  std::size_t most_frames() const noexcept { return most_frames_; }
  std::span<const std::uint32_t, ticks> lengths() const noexcept { return lengths_; }
  std::span<const double, ticks> shares() const noexcept { return shares_; }
  void next() noexcept;

 private:
  void measure() noexcept;
  Frames begin_of(Frames tick) const noexcept;

  double frames_per_tick_;
  Frames tick_ = 0;
  std::size_t frames_ = 0;
  std::size_t most_frames_ = 0;
  std::array<std::uint32_t, ticks> lengths_{};
  std::array<double, ticks> shares_{};  ///< 1 / lengths.
};

/// Figures of the master, as they are handed from thread to thread.
struct MasterNow {
  std::uint32_t resets = 0;
  float true_peak_max = 0.0f;  ///< Ratio.
  // Weighted mean squares.
  double momentary = 0.0, short_term = 0.0, momentary_max = 0.0, short_term_max = 0.0;
  float correlation = 0.0f;
};

/// Insert-in and fader-out of every strip, and the mix.
class LiveMeters {
 public:
  /// The plan outlives this. [main]
  LiveMeters(const LivePlan& plan, const LiveOptions& options);

  // [rt]
  const LiveHop& hop() const noexcept { return hop_; }
  /// From `at` on, the hop is what the session has from `position` on; absent: it is silent.
  void begin_piece(std::size_t at, std::optional<Frames> position) noexcept;
  void end_hop(const LiveMixer& mixer) noexcept;
  void reset_master() noexcept;
  const MasterNow& master() const noexcept { return master_; }

  // [meters]
  void look(LiveLook& look, const MasterNow& master);
  void clear_clips();

 private:
  struct Shown {
    GreatestSince peak;
    std::atomic<float> hold = 0.0f;
    std::atomic<float> needle = 0.0f;
    std::atomic<float> momentary = 0.0f;  ///< Weighted mean square.
  };
  /// Two a strip, insert-in first; the last one is the mix.
  struct Tap {
    std::size_t channel = 0;  ///< First among those of all taps.
    std::size_t channels = 0;
    SlidingSum<40> momentary = {};
    double momentary_sum = 0.0;
    std::array<float, 20> tenths = {};  ///< Greatest samples.
    float peak = 0.0f;                  ///< Of the present hop.
    float tenth = 0.0f;                 ///< Of the present 100 ms.
  };
  struct ClipEvent {
    std::uint32_t strip = 0;
    std::uint32_t clears = 0;
    LiveClip clip = {};
  };
  struct Piece {
    std::size_t at = 0;
    std::optional<Frames> position = {};
  };
  struct Energy {
    std::uint32_t resets = 0;
    double mean_square = 0.0;
  };

  void read_tap(std::size_t tap, const LiveSound& sound) noexcept;
  void look_for_clips(std::size_t tap) noexcept;
  void weight(std::span<const Tap> taps) noexcept;
  void run_hops_so_far() noexcept;
  void show(std::size_t tap) noexcept;
  void meter_master(const LiveSound& mix) noexcept;
  double seconds_at(std::size_t frame) const noexcept;

  const LivePlan* plan_;
  Db vu_reference_;
  LiveHop hop_;
  std::vector<Tap> taps_;
  std::vector<const float*> channels_;  ///< Of all taps, the present hop; null: silent.
  std::vector<double> weights_;         ///< Of all channels, of BS.1770.
  std::vector<double> sums_;            ///< K-weighted squares, of all channels.
  AudioBuffer zeros_;
  std::vector<const float*> no_samples_;  ///< As many as there are channels.
  std::vector<const float*> silent_mix_;

  // Needles.
  std::vector<LevelTick> ticks_;
  VuMeter vu_;

  // K-weighting: a hop a channel.
  std::optional<KWeightingPlan> weighting_;
  std::vector<KWeightingMemory> memories_;
  std::vector<KWeightingHop> weighted_;  ///< Those that are gathered.
  std::vector<std::size_t> weighted_channels_;

  std::array<Frames, 40> hop_frames_{};  ///< Of the last ones.
  Frames window_frames_ = 0;             ///< Their sum.
  std::size_t hops_ = 0;                 ///< So far.

  // Clips.
  std::array<Piece, 16> pieces_{};
  std::size_t piece_count_ = 0;
  std::vector<float> worst_;  ///< Of each strip, greatest sample over full scale.
  std::atomic<std::uint32_t> clears_ = 0;
  std::uint32_t clears_seen_ = 0;
  BoundedQueue<ClipEvent> clips_{4096};
  std::vector<LiveClip> known_clips_;  ///< [meters]

  // The master.
  TruePeakMeter true_peak_;
  MasterNow master_;
  SlidingSum<40> momentary_;
  SlidingSum<300> short_term_;
  SlidingSum<30> left_, right_, product_;
  std::size_t master_hops_ = 0;  ///< Since the reset, while it plays.
  double tenth_sum_ = 0.0;
  Frames tenth_frames_ = 0;
  std::size_t tenth_hops_ = 0;
  BoundedQueue<Energy> energies_{4096};
  // [meters]
  std::uint32_t known_resets_ = 0;
  std::vector<double> known_energies_;
  std::size_t judged_energies_ = 0;
  std::size_t ranged_energies_ = 0;
  Lufs integrated_{};
  Db range_{};

  std::vector<Shown> shown_;
};

}  // namespace gainstage
