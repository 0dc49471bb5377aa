// SPDX-License-Identifier: MIT
#include "meters/level_ticks.h"

#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

namespace gainstage {

void LevelTicker::prepare(Format format) {
  frames_per_tick_ = format.sample_rate_hz / ticks_per_second;
  waiting_ = AudioBuffer(format.channels, static_cast<std::size_t>(std::ceil(frames_per_tick_)) + 1);
  ticks_.resize(format.channels * batch);
  totals_.resize(format.channels);
  for (std::size_t t = 0; t < ticks_per_hop; ++t) {
    const auto tick = static_cast<Frames>(t);
    in_hop_[t] = static_cast<std::uint32_t>(begin_of(tick + 1) - begin_of(tick));
    shares_in_hop_[t] = 1.0 / static_cast<double>(in_hop_[t]);
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

bool LevelTicker::are_floats(std::span<const HopLevels> levels) noexcept {
  // The bits of floats that are not negative are in the order of their values; one less, and a peak of zero
  // is the greatest.
  std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
  float greatest = 0.0f;
  for (const HopLevels& hop : levels) {
    greatest = std::max(greatest, hop.peak);
    for (const HopLevels::Tick& tick : hop.ticks)
      least = std::min(least, std::bit_cast<std::uint32_t>(tick.peak) - 1u);
  }
  const float least_peak = std::bit_cast<float>(least + 1u);
  return greatest == 0.0f || (squares_are_floats(least_peak) && squares_are_floats(greatest));
}

LevelTicks LevelTicker::take(AudioView<const float> hop, std::span<const HopLevels> levels) noexcept {
  const Frames position = begin_;
  tick_ += static_cast<Frames>(ticks_per_hop);
  begin_ += static_cast<Frames>(hop.frames);
  end_ = begin_of(tick_ + 1);
  assert(begin_ == begin_of(tick_));
  const std::size_t channels = levels.size();
  for (std::size_t c = 0; c < channels; ++c) {
    LevelTick total;
    total.peak = levels[c].peak;
    for (std::size_t t = 0; t < ticks_per_hop; ++t) {
      const HopLevels::Tick& tick = levels[c].ticks[t];
      const LevelTick wide{tick.peak, static_cast<double>(tick.sum), static_cast<double>(tick.magnitudes),
                           static_cast<double>(tick.squares)};
      ticks_[c * ticks_per_hop + t] = wide;
      total.sum += wide.sum;
      total.magnitudes += wide.magnitudes;
      total.squares += wide.squares;
    }
    totals_[c] = total;
  }
  return {std::span(ticks_).first(channels * ticks_per_hop), in_hop_, shares_in_hop_, hop, position, totals_};
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
