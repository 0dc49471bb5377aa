// SPDX-License-Identifier: MIT
// The walk over a desk's strips, piece by piece. Internal to the room.
#pragma once

#include <cstddef>
#include <vector>

#include "base/audio_view.h"
#include "engine/live/feeder.h"
#include "engine/live/live_desk.h"
#include "engine/live/live_plan.h"
#include "engine/live/ramp.h"

namespace gainstage {

/// Sound at a place of the desk. Where it is silent the samples say nothing.
struct LiveSound {
  AudioView<const float> samples = {};
  bool is_silent = true;
};

/// What is behind trim and fader is kept for a hop of the meters: pieces go one behind the other into it.
class LiveMixer {
 public:
  /// The plan outlives this. [main]
  LiveMixer(const LivePlan& plan, std::size_t hop_frames);

  void go_trim(std::size_t strip, double ratio) noexcept;   // [rt]
  void go_fader(std::size_t strip, double ratio) noexcept;  // [rt]

  /// Mixes a piece to the place `at` of the hop. A null slot: silence. [rt]
  void mix(const FeedSlot* slot, std::size_t offset, std::size_t frames, std::size_t at) noexcept;
  /// Multiplies what mix() made of the mix. [rt]
  void gate_mix(const Ramp& gate, std::size_t frames, std::size_t at) noexcept;
  void silence_mix(std::size_t frames) noexcept;  ///< The first frames of the hop. [rt]
  void begin_hop() noexcept;                      // [rt]

  // The piece that was mixed last. [rt]
  LiveSound tap(std::size_t strip, LiveTap tap) const noexcept;
  LiveSound mix_sound() const noexcept;

  // The hop as far as it is mixed. [rt]
  LiveSound hop_insert_in(std::size_t strip, std::size_t frames) const noexcept;
  LiveSound hop_fader_out(std::size_t strip, std::size_t frames) const noexcept;
  LiveSound hop_mix(std::size_t frames) const noexcept;

 private:
  /// Sound of a hop. While it is silent nothing is written.
  struct HopSound {
    AudioBuffer samples = {};
    bool is_silent = true;        ///< So far.
    bool is_piece_silent = true;  ///< Of the newest piece.
  };
  struct Strip {
    AudioBuffer fed = {};  ///< By other strips, of a piece.
    bool is_fed = false;
    bool has_feeders = false;
    LiveSound in = {};
    HopSound insert_in = {};
    HopSound fader_out = {};
    Ramp trim{1.0};
    Ramp fader{1.0};
  };
  /// Of what goes through a matrix.
  struct Source {
    AudioView<const float> samples;
    double scale = 1.0;
    bool is_silent = false;
  };

  AudioView<float> open_piece(HopSound& sound) noexcept;
  void close_silent(HopSound& sound) noexcept;
  Source through(const Ramp& ramp, const Source& source, AudioBuffer& scratch) const noexcept;
  void pass(const LiveMatrix& matrix, const Source& source, AudioView<float> out) noexcept;
  void add(const LiveMatrix& matrix, const Source& source, AudioView<float> out) const noexcept;
  void take_in(std::size_t strip) noexcept;
  void give_out(std::size_t strip, const Source& before, const Source& behind) noexcept;

  const LivePlan* plan_;
  std::vector<Strip> strips_;
  HopSound mix_;
  AudioBuffer behind_trim_;
  AudioBuffer behind_fader_;
  Frames ramp_frames_;

  // The present piece.
  const FeedSlot* slot_ = nullptr;
  std::size_t offset_ = 0;
  std::size_t frames_ = 0;
  std::size_t at_ = 0;
};

}  // namespace gainstage
