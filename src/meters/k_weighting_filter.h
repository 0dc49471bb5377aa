// SPDX-License-Identifier: MIT
// K-weighted audio, and its energy in hops of 10 ms.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "dsp/k_weighting_hops.h"
#include "dsp/k_weighting_lanes.h"
#include "dsp/packed_samples.h"
#include "meters/hop_clock.h"

namespace gainstage {

/// The K-weighting of BS.1770 on every channel. No latency.
///
/// Hops that lie whole in a block run side by side in vectors, so long blocks are the cheapest; what is left
/// of a block waits for its hop to be complete before its energy is told.
///
/// Law: neither the output nor the energies depend on how the signal was cut into blocks.
class KWeightingFilter {
 public:
  /// Of one channel, in one call of the kernel.
  static constexpr std::size_t most_hops_together = 16;

  /// `detail`: of levels. [main]
  void prepare(Format format, HopDetail detail = HopDetail::all);
  void reset() noexcept;  // [rt]

  /// Calls on_hop(sums, frames) for each hop that ends within the block, in their order: the K-weighted
  /// samples' squares of each channel, added up, and how many samples they are. [rt]
  template <typename OnHop>
  void process(AudioView<const float> in, OnHop on_hop) noexcept {
    advance(in, {}, on_hop);
  }

  /// Whether hops are all as long, so that their levels can be told too.
  bool has_levels() const noexcept { return plan_->has_ticks; }
  std::size_t frames_in_hop() const noexcept { return plan_->shortest_hop; }
  /// For a block of whole hops, after any number of them: writes the K-weighted samples too, if `out` has
  /// channels; tells the levels of hop n, channel c, in levels[n * channels + c]; and asks the processor for
  /// the bytes `ahead`. [rt]
  template <typename OnHop>
  void process(AudioView<const float> in, AudioView<float> out, std::span<HopLevels> levels, OnHop on_hop,
               std::span<const std::byte> ahead = {}) noexcept {
    assert(has_levels() && kept_frames_ == 0);
    assert(levels.size() * frames_in_hop() == in.frames * channels());
    advance(in, out, on_hop, levels, ahead);
  }

  /// As that, without an output, for two channels whose 24-bit samples lie interleaved in `bytes`: all the
  /// same to the last bit, for less. [rt]
  template <typename OnHop>
  void process_packed(std::span<const std::byte> bytes, std::span<HopLevels> levels, OnHop on_hop,
                      std::span<const std::byte> ahead = {}) noexcept {
    assert(has_levels() && kept_frames_ == 0 && channels() == 2);
    const std::size_t hop_bytes = 2 * frames_in_hop() * bytes_of(PackedSample::signed24);
    hops_.advance(
        bytes.size() / hop_bytes * frames_in_hop(), [](std::size_t, std::size_t) {}, [] {});
    while (!bytes.empty()) {
      const std::size_t hops = std::min(most_waiting_, bytes.size() / hop_bytes);
      const std::size_t ahead_bytes = ahead.size() / (bytes.size() / hop_bytes) * hops;
      run_packed_hops(bytes.first(hops * hop_bytes), levels.first(2 * hops), ahead.first(ahead_bytes));
      for (std::size_t hop = 0; hop < hops; ++hop) {
        on_hop(std::span<const double>(sums_).subspan(2 * hop, 2), hops_.frames_in_hop());
      }
      bytes = bytes.subspan(hops * hop_bytes);
      levels = levels.subspan(2 * hops);
      ahead = ahead.subspan(ahead_bytes);
    }
  }

  /// Writes the K-weighted samples too. `in` and `out` have the prepared channels and the same frames. They
  /// may be the same memory. [rt]
  template <typename OnHop>
  void process(AudioView<const float> in, AudioView<float> out, OnHop on_hop) noexcept {
    advance(in, out, on_hop);
  }
  void process(AudioView<const float> in, AudioView<float> out) noexcept {
    advance(in, out, [](std::span<const double>, Frames) {});
  }

 private:
  /// `out` has no channels, and `levels` are none, where they are not wanted.
  template <typename OnHop>
  void advance(AudioView<const float> in, AudioView<float> out, OnHop on_hop,
               std::span<HopLevels> levels = {}, std::span<const std::byte> ahead = {}) noexcept {
    bool is_whole = false;
    std::size_t first_waiting = 0;
    const auto run_waiting = [&] {
      if (waiting_.empty()) return;
      std::size_t frames = 0;
      for (const std::size_t hop : waiting_) frames += hop;
      const std::size_t bytes = ahead.size() * frames / (in.frames - first_waiting);
      run_hops(in.section(first_waiting, frames),
               out.channels.empty() ? out : out.section(first_waiting, frames),
               levels.first(levels.empty() ? 0 : waiting_.size() * channels()), ahead.first(bytes));
      if (!levels.empty()) levels = levels.subspan(waiting_.size() * channels());
      ahead = ahead.subspan(bytes);
      for (std::size_t hop = 0; hop < waiting_.size(); ++hop) {
        on_hop(std::span<const double>(sums_).subspan(hop * channels(), channels()),
               static_cast<Frames>(waiting_[hop]));
      }
      waiting_.clear();
    };
    hops_.advance(
        in.frames,
        [&](std::size_t first, std::size_t count) {
          is_whole = static_cast<Frames>(count) == hops_.frames_in_hop();
          if (is_whole) {
            if (waiting_.empty()) first_waiting = first;
            waiting_.push_back(count);
            if (waiting_.size() == most_waiting_) run_waiting();
            return;
          }
          run_waiting();
          keep(in.section(first, count), out.channels.empty() ? out : out.section(first, count));
        },
        [&] {
          if (is_whole) return;
          run_kept();
          on_hop(std::span<const double>(sums_).first(channels()), hops_.frames_in_hop());
        });
    run_waiting();
  }

  std::size_t channels() const noexcept { return memories_.size(); }
  /// The hops of waiting_, of which `in` is made, to sums_.
  void run_hops(AudioView<const float> in, AudioView<float> out, std::span<HopLevels> levels,
                std::span<const std::byte> ahead) noexcept;
  /// Whole hops to sums_.
  void run_packed_hops(std::span<const std::byte> bytes, std::span<HopLevels> levels,
                       std::span<const std::byte> ahead) noexcept;
  /// A part of a hop: filters it, if there is an output, and keeps its samples.
  void keep(AudioView<const float> in, AudioView<float> out) noexcept;
  /// The hop that was kept, to sums_.
  void run_kept() noexcept;

  std::optional<KWeightingPlan> plan_;
  TickWeights tick_weights_;
  HopDetail detail_ = HopDetail::all;
  HopClock hops_;
  std::vector<KWeightingMemory> memories_;   ///< Of each channel, where the present hop begins.
  std::vector<double> sums_;                 ///< Of hops, each with all channels.
  std::size_t most_waiting_ = 1;             ///< Hops that are run together.
  std::vector<std::size_t> waiting_;         ///< Lengths of hops that lie in the block one after the other.
  std::vector<KWeightingHop> waiting_hops_;  ///< Those of waiting_, channel after channel.
  std::vector<KWeightingLane> lanes_;
  AudioBuffer kept_;  ///< What is there of a hop that was not whole in a block.
  std::size_t kept_frames_ = 0;
  std::vector<KWeightingRun> runs_;  ///< Of each channel, after what is kept.
};

}  // namespace gainstage
