// SPDX-License-Identifier: MIT
#include "engine/live/feeder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/level.h"
#include "engine/live/thread_priority.h"

namespace gainstage {
namespace {

constexpr std::size_t usual_frames = 2048;
constexpr std::size_t first_frames = 512;  ///< After a jump, so that it is soon heard.
constexpr std::size_t least_slots = 6;

/// Slots for as long as wanted, but not more than 64 MiB of samples.
std::size_t slots_for(double ahead_s, double sample_rate_hz, std::size_t channels) {
  constexpr double budget_samples = 16.0 * 1024 * 1024;
  const double wanted = std::ceil(ahead_s * sample_rate_hz / static_cast<double>(usual_frames)) + 1.0;
  const double most = budget_samples / (static_cast<double>(usual_frames) *
                                        static_cast<double>(std::max<std::size_t>(1, channels)));
  return std::max(least_slots, static_cast<std::size_t>(std::clamp(wanted, 0.0, std::max(0.0, most))));
}

}  // namespace

Feeder::Feeder(const Session& session, LivePlan& plan, double ahead_s)
    : session_(&session),
      moving_(std::exchange(plan.moving, {})),
      length_(plan.length),
      slot_frames_(usual_frames),
      slots_(slots_for(ahead_s, plan.sample_rate_hz, plan.feed_channels)),
      next_frames_(first_frames) {
  const std::vector<std::string> printed = printed_stems(session);
  for (const std::size_t strip : plan.fed) {
    const LiveStrip& live = plan.strips[strip];
    inputs_.push_back(
        {.strip = strip, .printed = printed[strip], .first = *live.feed, .channels = live.channels});
  }
  for (FeedSlot& slot : slots_) {
    slot.sound = AudioBuffer(plan.feed_channels, slot_frames_);
    slot.is_silent.resize(inputs_.size());
    slot.stretches_of.resize(moving_.size() + 1);
  }
  thread_ = std::thread([this] { run(); });
}

Feeder::~Feeder() {
  is_over_.store(true, std::memory_order_release);
  wake();
  thread_.join();
}

void Feeder::wake() noexcept {
  calls_.fetch_add(1, std::memory_order_release);
  calls_.notify_one();
}

void Feeder::ask(const FeedRequest& request) noexcept {
  request_.store(request);
  newest_.store(request.generation, std::memory_order_release);
  wake();
}

void Feeder::take() noexcept {
  taken_.store(taken() + 1, std::memory_order_release);
  wake();
}

void Feeder::run() {
  ask_for(ThreadPriority::early);
  while (true) {
    const int calls = calls_.load(std::memory_order_acquire);
    if (is_over_.load(std::memory_order_acquire)) return;
    if (!fill_next()) calls_.wait(calls, std::memory_order_acquire);
  }
}

bool Feeder::fill_next() {
  if (is_outdated()) {
    now_ = request_.load();
    generation_ = now_.generation;
    position_ = now_.position;
    is_at_end_ = false;
    next_frames_ = first_frames;
  }
  if (generation_ == 0 || is_at_end_) return false;
  const std::uint64_t number = filled_.load(std::memory_order_relaxed);
  if (number - taken_.load(std::memory_order_acquire) == slots_.size()) return false;
  FeedSlot& slot = slots_[number % slots_.size()];
  slot.generation = generation_;
  slot.first = position_;
  const bool has_loop = now_.loop_last > now_.loop_first && position_ < now_.loop_last;
  const Frames until = has_loop ? std::min(now_.loop_last, length_) : length_;
  slot.is_end = position_ >= until;
  slot.frames = slot.is_end ? 0 : std::min(next_frames_, static_cast<std::size_t>(until - position_));
  const Frames end = position_ + static_cast<Frames>(slot.frames);
  slot.next = has_loop && end == until ? now_.loop_first : end;
  if (!fill(slot)) return true;
  position_ = slot.next;
  is_at_end_ = slot.is_end;
  next_frames_ = std::min(slot_frames_, 2 * next_frames_);
  filled_.store(number + 1, std::memory_order_release);
  filled_.notify_all();
  return true;
}

/// False when something else is wanted by now.
bool Feeder::fill(FeedSlot& slot) {
  for (std::size_t i = 0; i < inputs_.size() && slot.frames > 0; ++i) {
    read(i, slot);
    if (is_outdated() || is_over_.load(std::memory_order_relaxed)) return false;
  }
  evaluate(slot);
  return true;
}

/// What can't be opened or read is silent.
void Feeder::read(std::size_t fed, FeedSlot& slot) {
  const AudioView<float> whole = slot.sound.view(slot.frames);
  const AudioView<float> block{whole.channels.subspan(inputs_[fed].first, inputs_[fed].channels), 0,
                               slot.frames};
  Input& input = inputs_[fed];
  if (!input.is_opened) {
    auto opened = StripInput::open(*session_, input.strip, input.printed);
    if (opened) input.sound = *std::move(opened);
    input.is_opened = true;
  }
  slot.is_silent[fed] = 1;
  if (!input.sound || !input.sound->read(slot.first, block)) return;
  for (std::size_t c = 0; c < block.channels.size(); ++c) {
    if (is_digital_silence(block.channel(c))) continue;
    slot.is_silent[fed] = 0;
    return;
  }
}

void Feeder::evaluate(FeedSlot& slot) {
  slot.stretches.clear();
  slot.values.clear();
  for (std::size_t m = 0; m < moving_.size(); ++m) {
    slot.stretches_of[m] = slot.stretches.size();
    moving_[m].for_each(slot.first, slot.frames, [&](const TimedGains::Stretch& stretch) {
      slot.stretches.push_back({stretch.first, stretch.frames, slot.values.size(), stretch.is_constant});
      slot.values.insert(slot.values.end(), stretch.begin.begin(), stretch.begin.end());
      if (!stretch.is_constant)
        slot.values.insert(slot.values.end(), stretch.step.begin(), stretch.step.end());
    });
  }
  slot.stretches_of.back() = slot.stretches.size();
}

}  // namespace gainstage
