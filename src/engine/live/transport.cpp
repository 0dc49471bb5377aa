// SPDX-License-Identifier: MIT
#include "engine/live/transport.h"

#include <algorithm>
#include <cmath>

namespace gainstage {

Transport::Transport(Feeder& feeder, double sample_rate_hz, Frames length, const LiveOptions& options)
    : feeder_(&feeder),
      length_(length),
      fade_frames_(std::max<Frames>(1, std::llround(0.005 * sample_rate_hz))),
      start_frames_(std::max<Frames>(std::llround(options.start_s * sample_rate_hz),
                                     2 * static_cast<Frames>(options.max_block_frames))),
      shortest_loop_(std::llround(0.01 * sample_rate_hz)) {
  ++generation_;
  ask(0);
}

void Transport::ask(Frames position) noexcept {
  asked_ = position;
  feeder_->ask({generation_, position, loop_first_, loop_last_});
}

/// Calls use(slot, offset, frames) for what would be played of what is read by now, until it says false.
template <typename Use>
void Transport::for_each_playable(Use use) const noexcept {
  const std::uint64_t filled = feeder_->filled();
  Frames old = old_frames_;
  std::size_t offset = offset_;
  for (std::uint64_t number = feeder_->taken(); number < filled; ++number, offset = 0) {
    const FeedSlot& slot = feeder_->slot(number);
    auto frames = static_cast<Frames>(slot.frames - offset);
    if (slot.generation != generation_) {
      if (old == 0) continue;
      frames = std::min(frames, old);
      old -= frames;
    }
    if (!use(slot, offset, frames)) return;
  }
}

Frames Transport::playable(Frames most) const noexcept {
  Frames sum = 0;
  for_each_playable([&](const FeedSlot&, std::size_t, Frames frames) {
    sum += frames;
    return sum < most;
  });
  return std::min(sum, most);
}

bool Transport::has_end_within(Frames frames) const noexcept {
  bool has_end = false;
  for_each_playable([&](const FeedSlot& slot, std::size_t, Frames count) {
    has_end = slot.is_end;
    frames -= count;
    return !has_end && frames >= 0;
  });
  return has_end;
}

void Transport::play() noexcept {
  if (wants_play_) return;
  wants_play_ = true;
  const bool is_over = position_ >= length_ || (has_loop() && position_ >= loop_last_);
  if (!is_rolling_) {
    if (is_over) jump_to(has_loop() ? loop_first_ : 0);
    is_rolling_ = is_waiting_ = true;
    begins_anew_ = true;
    fade_in();
  } else if (!has_jump_) {
    fade_left_ = no_fade;
    gate_.go(1.0, fade_frames_);
  }
}

void Transport::pause() noexcept {
  if (!wants_play_) return;
  wants_play_ = false;
  if (is_waiting_) {
    is_rolling_ = is_waiting_ = is_starved_ = false;
  } else if (fade_left_ == no_fade) {
    fade_out();
  }
}

void Transport::seek(Frames to) noexcept { jump_to(std::clamp<Frames>(to, 0, length_)); }

void Transport::jump_to(Frames to) noexcept {
  // All that is read is of an older generation from now on: as much of it is heard as the fade takes.
  if (!has_old()) old_frames_ = all;
  ++generation_;
  jump_to_ = to;
  has_jump_ = true;
  ask(to);
  if (!is_rolling_ || is_waiting_) {
    land();
  } else {
    fade_out();
    if (fade_left_ != no_fade) old_frames_ = fade_left_;
  }
}

/// From silence, but from the very start of the session.
void Transport::fade_in() noexcept {
  gate_.set(position_ == 0 ? 1.0 : 0.0);
  gate_.go(1.0, fade_frames_);
}

/// Fades out over what is there.
void Transport::fade_out() noexcept {
  const auto wanted = static_cast<Frames>(std::ceil(gate_.now() * static_cast<double>(fade_frames_)));
  fade_left_ = playable(wanted);
  gate_.go(0.0, fade_left_);
  if (fade_left_ == 0) end_fade();
}

void Transport::end_fade() noexcept {
  fade_left_ = no_fade;
  gate_.set(0.0);
  if (has_jump_) land();
  if (!wants_play_) {
    is_rolling_ = is_waiting_ = is_starved_ = false;
  } else {
    fade_in();
  }
}

void Transport::land() noexcept {
  has_jump_ = false;
  old_frames_ = 0;
  position_ = jump_to_;
  is_waiting_ = is_rolling_;
  is_starved_ = false;
  begins_anew_ = true;
  fade_in();
  played_to_ = no_fade;
  drop_outdated();
}

void Transport::loop(Frames first, Frames last) noexcept {
  first = std::clamp<Frames>(first, 0, length_);
  last = std::clamp<Frames>(last, 0, length_);
  if (last - first < shortest_loop_) first = last = 0;
  if (first == loop_first_ && last == loop_last_) return;
  loop_first_ = first;
  loop_last_ = last;
  if (has_jump_) {
    ++generation_;
    ask(jump_to_);
    return;
  }
  if (has_loop() && wants_play_ && position_ >= last) {
    jump_to(first);
    return;
  }
  // What is read already stays as far as it is what comes next.
  Frames place = position_;
  Frames kept = 0;
  const bool is_old = has_old();
  for_each_playable([&](const FeedSlot& slot, std::size_t offset, Frames frames) {
    // Between the last of the old frames and the first of the present generation lies what is dropped.
    if (is_old && slot.generation == generation_) return false;
    if (slot.first + static_cast<Frames>(offset) != place || slot.is_end) return false;
    const bool turns = has_loop() && place < last && place + frames >= last;
    if (turns) frames = last - place;
    kept += frames;
    place = turns ? first : place + frames;
    return true;
  });
  ++generation_;
  old_frames_ = kept;
  ask(place);
  drop_outdated();
}

/// Whether what is played next is of an older generation.
bool Transport::has_old() const noexcept {
  return feeder_->taken() < feeder_->filled() && feeder_->slot(feeder_->taken()).generation != generation_;
}

void Transport::take_slot() noexcept {
  offset_ = 0;
  feeder_->take();
}

void Transport::drop_outdated() noexcept {
  const std::uint64_t filled = feeder_->filled();
  while (feeder_->taken() < filled) {
    const FeedSlot& slot = feeder_->slot(feeder_->taken());
    const bool is_old = slot.generation != generation_;
    if (is_old ? old_frames_ > 0 : slot.is_end || offset_ < slot.frames) return;
    take_slot();
  }
}

void Transport::begin_block(std::size_t frames) noexcept {
  is_underrun_told_ = false;
  if (!is_rolling_ || is_waiting_ || fade_left_ != no_fade) return;
  // What ends within the block, or so soon behind it that there would be no time to fade out.
  const Frames wanted = static_cast<Frames>(frames) + fade_frames_;
  const Frames there = playable(wanted);
  if (there == wanted || there == 0 || has_end_within(wanted) || feeder_->is_full()) return;
  fade_left_ = std::min(there, static_cast<Frames>(frames));
  gate_.go(0.0, fade_left_);
}

/// Whether there is enough to go on, or to begin.
bool Transport::has_enough() const noexcept {
  if (feeder_->taken() == feeder_->filled()) return false;
  return !is_waiting_ || playable(start_frames_) == start_frames_ || has_end_within(start_frames_) ||
         feeder_->is_full();
}

void Transport::wait_for(std::size_t frames) noexcept {
  const Frames wanted = static_cast<Frames>(frames) + fade_frames_;
  while (is_rolling_) {
    const std::uint64_t filled = feeder_->filled();
    drop_outdated();
    const bool is_all = playable(wanted) == wanted || has_end_within(wanted) || feeder_->is_full();
    if (is_all && has_enough()) return;
    feeder_->wait(filled);
  }
}

Transport::Piece Transport::next(std::size_t most) noexcept {
  Piece silence;
  silence.frames = most;
  if (!is_rolling_) return silence;
  drop_outdated();
  if (!has_enough()) {
    if (fade_left_ != no_fade) end_fade();
    if (!is_rolling_) return silence;
    if (!is_waiting_) fade_in();
    is_waiting_ = true;
    if (heard_generation_ == generation_ && !begins_anew_) is_starved_ = true;
    if (is_starved_ && !is_underrun_told_) {
      is_underrun_told_ = true;
      ++underruns_;
    }
    return silence;
  }
  is_waiting_ = is_starved_ = false;
  const FeedSlot& slot = feeder_->slot(feeder_->taken());
  if (slot.is_end) {
    wants_play_ = is_rolling_ = false;
    fade_left_ = no_fade;
    position_ = length_;
    return silence;
  }
  Piece piece;
  piece.slot = &slot;
  piece.offset = offset_;
  piece.frames = std::min(most, slot.frames - offset_);
  if (slot.generation != generation_)
    piece.frames = static_cast<std::size_t>(std::min(static_cast<Frames>(piece.frames), old_frames_));
  if (fade_left_ != no_fade)
    piece.frames = static_cast<std::size_t>(std::min(static_cast<Frames>(piece.frames), fade_left_));
  piece.begins_anew = begins_anew_;
  piece.is_after_jump = begins_anew_ || slot.first + static_cast<Frames>(offset_) != played_to_;
  return piece;
}

void Transport::done(const Piece& piece) noexcept {
  if (piece.slot == nullptr) return;
  const auto frames = static_cast<Frames>(piece.frames);
  heard_generation_ = piece.slot->generation;
  begins_anew_ = false;
  gate_.advance(frames);
  const bool is_old = piece.slot->generation != generation_;
  if (is_old) old_frames_ -= frames;
  offset_ += piece.frames;
  position_ = played_to_ = piece.slot->first + static_cast<Frames>(offset_);
  if (offset_ == piece.slot->frames) {
    position_ = piece.slot->next;
    take_slot();
  }
  if (is_old && old_frames_ == 0) position_ = asked_;
  if (fade_left_ == no_fade) return;
  fade_left_ -= frames;
  if (fade_left_ == 0) end_fade();
}

}  // namespace gainstage
