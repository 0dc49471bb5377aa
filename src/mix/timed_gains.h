// SPDX-License-Identifier: MIT
// Gains that may move over time, as stretches in which each of them runs straight.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/units.h"
#include "session/automation.h"

namespace gainstage {

/// While nothing moves a stretch is constant, to the sample; where something does, the gains are evaluated
/// every 32 frames (counted from frame 0, so that blocks may be cut anywhere) and run straight in between.
class TimedGains {
 public:
  /// Fills `gains` for a time; everything that changes it over time must be in `automations`.
  using Evaluate = std::function<void(double seconds, std::span<double> gains)>;

  /// `origin_s`: the time of frame 0. Keeps `evaluate`, and nothing of the automations.
  TimedGains(std::size_t count, std::span<const Automation* const> automations, double sample_rate_hz,
             double origin_s, Evaluate evaluate);  // [main] allocates

  struct Stretch {
    std::size_t first = 0;  ///< Within the frames asked for.
    std::size_t frames = 0;
    std::span<const double> begin;  ///< At its first frame.
    std::span<const double> step;   ///< Per frame; all 0 where `is_constant`.
    bool is_constant = true;
  };
  /// Calls use(stretch) for the frames first .. first + frames - 1, in order.
  template <typename Use>
  void for_each(Frames first, std::size_t frames, Use use) {
    for (std::size_t done = 0; done < frames;) {
      const Stretch stretch = next(first, done, frames);
      use(stretch);
      done += stretch.frames;
    }
  }

  std::size_t count() const { return begin_.size(); }
  /// Whether they are the same at all times.
  bool is_constant() const { return segments_.size() == 1; }

 private:
  struct Segment {
    Frames first;  ///< Frame.
    double begin_s;
    double end_s;  ///< Where the next one begins.
    bool moves;
  };

  Stretch next(Frames first, std::size_t done, std::size_t frames);
  double seconds_at(Frames frame) const { return origin_s_ + static_cast<double>(frame) / sample_rate_hz_; }
  void evaluate_in(const Segment& segment, Frames frame, std::span<double> gains);

  double sample_rate_hz_;
  double origin_s_;
  Evaluate evaluate_;
  std::vector<Segment> segments_;  ///< In order; the first begins before all time.
  std::vector<double> begin_;
  std::vector<double> end_;
  std::vector<double> step_;
};

/// Adds `in` to `out`, channel by channel through a matrix of gains: gains[i * outs + o] from channel i to o.
/// `first` is the frame of the block's start.
void add_through(TimedGains& gains, AudioView<const float> in, AudioView<float> out, Frames first);

}  // namespace gainstage
