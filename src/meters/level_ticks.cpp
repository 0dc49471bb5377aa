// SPDX-License-Identifier: MIT
#include "meters/level_ticks.h"

#include <cassert>
#include <cmath>
#include <utility>

namespace gainstage {

void LevelTicker::prepare(Format format) {
  frames_per_tick_ = format.sample_rate_hz / ticks_per_second;
  waiting_ = AudioBuffer(format.channels, static_cast<std::size_t>(std::ceil(frames_per_tick_)) + 1);
  ticks_.resize(format.channels * batch);
  for (std::size_t t = 0; t < ticks_per_hop; ++t) {
    const auto tick = static_cast<Frames>(t);
    in_hop_[t] = static_cast<std::uint32_t>(begin_of(tick + 1) - begin_of(tick));
    shares_in_hop_[t] = tick_share(format.sample_rate_hz, t);
  }
  reset();
}

void LevelTicker::reset() noexcept {
  tick_ = 0;
  begin_ = 0;
  end_ = begin_of(1);
  waiting_frames_ = 0;
}

void LevelTicker::next() noexcept {
  ++tick_;
  begin_ = end_;
  end_ = begin_of(tick_ + 1);
}

LevelTicks LevelTicker::sum_up(AudioView<const float> samples) noexcept {
  assert(samples.channels.size() * batch == ticks_.size());
  const Frames position = begin_;
  const auto most = static_cast<Frames>(samples.frames);
  std::size_t count = 0;
  Frames end = end_;
  for (; count < batch && end - position <= most; ++count) {
    frames_[count] = static_cast<std::uint32_t>(end - begin_);
    shares_[count] = 1.0 / static_cast<double>(frames_[count]);
    begin_ = end;
    end = begin_of(tick_ + static_cast<Frames>(count) + 2);
  }
  tick_ += static_cast<Frames>(count);
  end_ = end;
  const auto frames = static_cast<std::size_t>(begin_ - position);
  const std::span<const std::uint32_t> lengths = std::span(frames_).first(count);
  const AudioView<const float> taken = samples.section(0, frames);
  for (std::size_t c = 0; c < samples.channels.size(); ++c) {
    sum_up_ticks(taken.channel(c), lengths, std::span(ticks_).subspan(c * count, count));
  }
  return {std::span(ticks_).first(samples.channels.size() * count), lengths, std::span(shares_).first(count),
          taken, position};
}

LevelHops LevelTicker::take(AudioView<const float> samples, std::span<const HopLevels> levels) noexcept {
  const Frames position = begin_;
  tick_ += static_cast<Frames>(levels.size() / samples.channels.size() * ticks_per_hop);
  begin_ += static_cast<Frames>(samples.frames);
  end_ = begin_of(tick_ + 1);
  assert(begin_ == begin_of(tick_));
  return {levels, in_hop_, shares_in_hop_, samples, position};
}

std::size_t LevelTicker::wait(AudioView<const float> samples) noexcept {
  const std::size_t count = std::min(samples.frames, length_of_next() - waiting_frames_);
  for (std::size_t c = 0; c < samples.channels.size(); ++c) {
    const std::span<const float> from = samples.channel(c).first(count);
    std::copy(from.begin(), from.end(), waiting_.view().channel(c).subspan(waiting_frames_).begin());
  }
  waiting_frames_ += count;
  return count;
}

LevelTicks LevelTicker::sum_up_waiting() noexcept {
  const Frames position = begin_;
  const AudioView<const float> samples = std::as_const(waiting_).view(waiting_frames_);
  frames_[0] = static_cast<std::uint32_t>(waiting_frames_);
  shares_[0] = 1.0 / static_cast<double>(waiting_frames_);
  const std::span<const std::uint32_t> length = std::span(frames_).first(1);
  for (std::size_t c = 0; c < waiting_.channels(); ++c) {
    sum_up_ticks(samples.channel(c), length, std::span(ticks_).subspan(c, 1));
  }
  next();
  waiting_frames_ = 0;
  return {std::span(ticks_).first(waiting_.channels()), length, std::span(shares_).first(1), samples,
          position};
}

}  // namespace gainstage
