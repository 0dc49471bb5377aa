// SPDX-License-Identifier: MIT
// Cuts a signal into milliseconds and sums each of them up, for the meters of level to share.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "dsp/k_weighting_hops.h"
#include "dsp/level_tick.h"

namespace gainstage {

inline constexpr double ticks_per_second = 1000.0;
inline constexpr std::size_t ticks_per_tenth = 100;  ///< In 100 ms.

/// The first frame of tick n.
inline Frames tick_begin(double frames_per_tick, Frames n) noexcept {
  return static_cast<Frames>(static_cast<double>(n) * frames_per_tick + 0.5);
}
/// 1 / frames of tick n.
inline double tick_share(double sample_rate_hz, std::size_t n) noexcept {
  const double frames_per_tick = sample_rate_hz / ticks_per_second;
  const auto tick = static_cast<Frames>(n);
  return 1.0 / static_cast<double>(tick_begin(frames_per_tick, tick + 1) - tick_begin(frames_per_tick, tick));
}

/// Some milliseconds in a row, and the samples they were made of.
struct LevelTicks {
  std::span<const LevelTick> all;         ///< Channel after channel, frames.size() ticks each.
  std::span<const std::uint32_t> frames;  ///< Of each tick.
  std::span<const double> shares;         ///< Of each tick, 1 / frames: what a mean takes of a sum.
  AudioView<const float> samples;
  Frames position = 0;  ///< Frames before the first.

  std::size_t count() const { return frames.size(); }
  std::span<const LevelTick> channel(std::size_t c) const { return all.subspan(c * count(), count()); }
};

/// Some hops of 10 ms in a row, each as long as ten ticks, after any number of them.
struct LevelHops {
  std::span<const HopLevels> all;         ///< Hop after hop, each with all channels.
  std::span<const std::uint32_t> frames;  ///< Of the ticks of every hop.
  std::span<const double> shares;         ///< 1 / frames.
  AudioView<const float> samples;
  Frames position = 0;  ///< Frames before the first.

  std::size_t channels() const { return samples.channels.size(); }
  std::size_t count() const { return all.size() / channels(); }
  /// The channels of a hop.
  std::span<const HopLevels> hop(std::size_t n) const { return all.subspan(n * channels(), channels()); }
};

/// What is metered by its milliseconds: prepare(format) [main], process() and reset() [rt].
template <typename T>
concept TickMeter = requires(T meter, Format format, const LevelTicks& ticks, const LevelHops& hops) {
  { meter.prepare(format) } -> std::same_as<void>;
  { meter.process(ticks) }
  noexcept;
  { meter.process(hops) }
  noexcept;
  { meter.reset() }
  noexcept;
};

/// Tick n holds the frames from round(n rate / 1000) up to the next tick's first. Ticks are summed up whole,
/// so they do not depend on how the signal was cut into blocks: a tick that is not complete waits.
class LevelTicker {
 public:
  void prepare(Format format);  // [main]
  void reset() noexcept;        // [rt]

  /// Calls on_ticks(const LevelTicks&) for the ticks that `block` completes, some at a time. [rt]
  template <typename OnTicks>
  void process(AudioView<const float> block, OnTicks on_ticks) {
    std::size_t done = 0;
    while (done < block.frames) {
      const AudioView<const float> rest = block.section(done, block.frames - done);
      if (waiting_frames_ == 0 && rest.frames >= length_of_next()) {
        const LevelTicks ticks = sum_up(rest);
        on_ticks(ticks);
        done += ticks.samples.frames;
      } else {
        done += wait(rest);
        if (waiting_frames_ == length_of_next()) on_ticks(sum_up_waiting());
      }
    }
  }

  /// As process(), for a block of whole hops after whole hops, with what is known of them: hop n, channel c
  /// in levels[n * channels + c]. Calls on_hops(const LevelHops&) for hops, and on_ticks() where their levels
  /// are nothing that floats hold.
  template <typename OnHops, typename OnTicks>
  void process(AudioView<const float> block, std::span<const HopLevels> levels, OnHops on_hops,
               OnTicks on_ticks) {
    assert(waiting_frames_ == 0);
    const std::size_t channels = block.channels.size();
    const std::size_t frames = block.frames * channels / levels.size();
    while (!levels.empty()) {
      const bool are_hops = are_floats(levels.first(channels));
      std::size_t same = channels;
      while (same < levels.size() && are_floats(levels.subspan(same, channels)) == are_hops) same += channels;
      const AudioView<const float> samples = block.section(0, same / channels * frames);
      if (are_hops) {
        on_hops(take(samples, levels.first(same)));
      } else {
        process(samples, on_ticks);
      }
      block = block.section(samples.frames, block.frames - samples.frames);
      levels = levels.subspan(same);
    }
  }

  /// Calls on_ticks() for the unfinished tick at the end, if there is one. [rt]
  template <typename OnTicks>
  void finish(OnTicks on_ticks) {
    if (waiting_frames_ > 0) on_ticks(sum_up_waiting());
  }

 private:
  static constexpr std::size_t batch = 20;  ///< Ticks at once: few enough for all of it to stay in the cache.

  Frames begin_of(Frames tick) const noexcept { return tick_begin(frames_per_tick_, tick); }
  std::size_t length_of_next() const noexcept { return static_cast<std::size_t>(end_ - begin_); }
  void next() noexcept;
  LevelTicks sum_up(AudioView<const float> samples) noexcept;
  /// Whether the squares of all samples of a hop fit into single precision.
  static bool are_floats(std::span<const HopLevels> channels) noexcept {
    return std::ranges::all_of(channels, [](const HopLevels& hop) {
      return hop.peak == 0.0f || (squares_are_floats(hop.least_peak) && squares_are_floats(hop.peak));
    });
  }
  LevelHops take(AudioView<const float> samples, std::span<const HopLevels> levels) noexcept;
  std::size_t wait(AudioView<const float> samples) noexcept;
  LevelTicks sum_up_waiting() noexcept;

  double frames_per_tick_ = 48.0;
  Frames tick_ = 0;
  Frames begin_ = 0;
  Frames end_ = 48;
  AudioBuffer waiting_;  ///< The beginning of a tick that is not complete.
  std::size_t waiting_frames_ = 0;
  std::vector<LevelTick> ticks_;
  std::array<std::uint32_t, batch> frames_{};
  std::array<double, batch> shares_{};
  std::array<std::uint32_t, ticks_per_hop> in_hop_{};  ///< Lengths of the first hop's ticks.
  std::array<double, ticks_per_hop> shares_in_hop_{};
};

}  // namespace gainstage
