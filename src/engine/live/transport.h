// SPDX-License-Identifier: MIT
// Where a desk plays: starts, jumps and loops over what is read ahead. Internal to the room.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/live/feeder.h"
#include "engine/live/live_desk.h"
#include "engine/live/ramp.h"

namespace gainstage {

/// All of it is the realtime thread's.
///
/// What is read ahead goes on to be played as long as it is what should be heard; from where it is not, slots
/// of older generations are dropped and those of the newest are waited for. Whatever breaks the sound off
/// takes 5 ms to fade out, over sound that is there already, and 5 ms to fade in; the loop's turn does not.
class Transport {
 public:
  Transport(Feeder& feeder, double sample_rate_hz, Frames length, const LiveOptions& options);

  // Commands.
  void play() noexcept;
  void pause() noexcept;
  void seek(Frames to) noexcept;
  void loop(Frames first, Frames last) noexcept;

  /// Some frames that are played together.
  struct Piece {
    const FeedSlot* slot = nullptr;  ///< Null: silence.
    std::size_t offset = 0;          ///< Within the slot.
    std::size_t frames = 0;
    bool is_after_jump = false;
    bool begins_anew = false;  ///< After a start or a seek.
  };
  /// Waits until so many frames are there, or all that there will be. Not [rt].
  void wait_for(std::size_t frames) noexcept;
  /// Before the pieces of a block: looks whether there is enough for it.
  void begin_block(std::size_t frames) noexcept;
  /// The next frames, 1 to `most`. done() with them comes before anything else.
  Piece next(std::size_t most) noexcept;
  void done(const Piece& piece) noexcept;

  /// What the present piece is multiplied with.
  const Ramp& gate() const noexcept { return gate_; }
  Frames position() const noexcept { return position_; }  ///< The frame to be played next.
  bool is_playing() const noexcept { return wants_play_; }
  bool is_rolling() const noexcept { return is_rolling_; }  ///< Also while it fades out.
  bool is_waiting() const noexcept { return is_waiting_; }
  std::uint32_t underruns() const noexcept { return underruns_; }

 private:
  static constexpr Frames no_fade = -1;
  static constexpr Frames all = std::numeric_limits<Frames>::max();

  template <typename Use>
  void for_each_playable(Use use) const noexcept;
  Frames playable(Frames most) const noexcept;
  bool has_end_within(Frames frames) const noexcept;
  void jump_to(Frames to) noexcept;
  void land() noexcept;
  void fade_in() noexcept;
  void fade_out() noexcept;
  void end_fade() noexcept;
  bool has_enough() const noexcept;
  bool has_old() const noexcept;
  void drop_outdated() noexcept;
  void ask(Frames position) noexcept;
  void take_slot() noexcept;
  bool has_loop() const noexcept { return loop_last_ > loop_first_; }

  Feeder* feeder_;
  Frames length_;
  Frames fade_frames_;
  Frames start_frames_;  ///< So much must be there to begin, unless the session ends before.
  Frames shortest_loop_;

  std::uint64_t generation_ = 0;
  std::uint64_t heard_generation_ = 0;  ///< Of the last piece.
  Frames loop_first_ = 0;
  Frames loop_last_ = 0;
  Frames asked_ = 0;  ///< Where the present generation begins.
  Frames position_ = 0;
  std::size_t offset_ = 0;  ///< Within the first slot.
  Frames old_frames_ = 0;   ///< So many of slots of older generations are still to be played.
  bool wants_play_ = false;
  bool is_rolling_ = false;
  bool is_waiting_ = false;
  bool is_starved_ = false;       ///< Waiting after an underrun.
  bool is_underrun_told_ = true;  ///< Of the present block.
  std::uint32_t underruns_ = 0;

  Ramp gate_{0.0};
  Frames fade_left_ = no_fade;
  bool has_jump_ = false;  ///< When the fade is over.
  Frames jump_to_ = 0;
  bool begins_anew_ = false;
  Frames played_to_ = no_fade;  ///< The frame after the last one that was heard.
};

}  // namespace gainstage
