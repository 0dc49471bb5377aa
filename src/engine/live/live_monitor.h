// SPDX-License-Identifier: MIT
// What is heard of a desk: the mix or a tap, in mono or not, at a gain of its own. Internal to the room.
#pragma once

#include "engine/live/live_desk.h"
#include "engine/live/live_mixer.h"
#include "engine/live/ramp.h"

namespace gainstage {

/// All of it is the realtime thread's but the making. Another source is faded to within 10 ms.
class LiveMonitor {
 public:
  LiveMonitor(const LivePlan& plan, std::size_t most_frames);

  void listen(std::uint32_t strip, LiveTap tap) noexcept;
  void go_gain(double ratio) noexcept;
  void go_mono(bool is_mono) noexcept;

  /// Of the piece that was mixed last; the mix has been through the gate already.
  void render(const LiveMixer& mixer, const Ramp& gate, AudioView<float> out) noexcept;

 private:
  struct Place {
    std::uint32_t strip = LiveCommand::no_strip;
    LiveTap tap = LiveTap::fader_out;
    bool operator==(const Place&) const = default;
  };

  void take(const LiveMixer& mixer, const Place& place, const Ramp& gate,
            AudioView<float> out) const noexcept;

  Frames ramp_frames_;
  AudioBuffer other_;
  Place from_{};
  Place to_{};
  Place next_{};  ///< Wanted while from_ is still faded to to_.
  Ramp way_{1.0};
  Ramp gain_{1.0};
  Ramp mono_{0.0};
};

}  // namespace gainstage
