// SPDX-License-Identifier: MIT
// Finds runs of clipped samples.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "meters/level_ticks.h"

namespace gainstage {

/// The greatest positive value a fixed-point sample of `bits` bits has, full scale 1.
double fixed_point_ceiling(int bits);

/// Per channel, a run is 3 or more consecutive samples whose magnitude is at or over the ceiling of the file,
/// or any number of which one is over 0 dBFS.
class ClipDetector {
 public:
  struct Run {
    Frames begin = 0;
    Frames frames = 0;
    std::size_t channel = 0;
    float peak = 0.0f;
  };
  static constexpr std::size_t kept_runs = 32;

  /// `ceiling`: fixed_point_ceiling() of the file's sample format; 1 for float files. [main]
  void prepare(Format format, double ceiling = 1.0);
  void process(const LevelTicks& ticks) noexcept;  // [rt]
  void process(const LevelHops& hops) noexcept;    // [rt]
  void reset() noexcept;                           // [rt]

  std::size_t runs() const noexcept;
  Frames longest_frames() const noexcept;
  Db over() const noexcept;  ///< Greatest sample of all runs over 0 dBFS, at least 0 dB.
  /// The longest (of equal ones the earliest), by time, at most kept_runs. [main]
  std::vector<Run> longest_runs() const;
  /// Over 0 dBFS, at least 0 dB: a fixed-point file can't say by how much it was clipped.
  static Db over(const Run& run) noexcept;
  double seconds(const Run& run) const noexcept { return static_cast<double>(run.begin) / sample_rate_hz_; }

 private:
  /// The longest runs so far, longest first, and the counts.
  struct Tally {
    std::size_t runs = 0;
    Frames longest = 0;
    float peak = 0.0f;
    std::array<Run, kept_runs> kept{};
    std::size_t kept_count = 0;

    void add(const Run& run) noexcept;
  };

  static bool counts(const Run& run) noexcept { return run.frames >= 3 || run.peak > 1.0f; }
  /// The samples of some ticks in a row, `lengths` long, of which something may reach the ceiling.
  template <typename Tick>
  void look_at_ticks(std::size_t channel, std::span<const Tick> ticks, std::span<const std::uint32_t> lengths,
                     std::span<const float> samples, Frames position) noexcept;
  void look_at(std::size_t channel, std::span<const float> samples, Frames position) noexcept;
  Tally with_open_runs() const noexcept;

  double sample_rate_hz_ = 48000.0;
  float ceiling_ = 1.0f;
  std::vector<Run> open_;  ///< One a channel; frames 0: none.
  Tally tally_;
};

static_assert(TickMeter<ClipDetector>);

}  // namespace gainstage
