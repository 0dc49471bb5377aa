// SPDX-License-Identifier: MIT
#include "meters/ppm.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dsp/level.h"

namespace gainstage {
namespace {

/// Two integrators of the rectified signal, charged only by what exceeds them, discharged all the time; the
/// reading is their sum. Two time constants meet the standard's table of bursts where one can't.
struct Ballistics {
  double slow_per_s;
  double fast_per_s;
  double release_per_s;  ///< 20 dB (type I) or 24 dB (type II) as a natural logarithm, over its time.
  double steady;         ///< What the sum of the integrators reads for a steady sine of peak 1.
};

constexpr Ballistics ballistics(PpmType type) {
  if (type == PpmType::i) return {450.0, 1300.0, 2.302585 / 1.7, 1.9574};
  return {200.0, 860.0, 2.763102 / 2.8, 1.9455};
}

}  // namespace

void PpmMeter::prepare(Format format) {
  const Ballistics b = ballistics(type_);
  const double rate = format.sample_rate_hz;
  slow_attack_ = -std::expm1(-b.slow_per_s / rate);
  fast_attack_ = -std::expm1(-b.fast_per_s / rate);
  release_ = std::exp(-b.release_per_s / rate);
  gain_ = 1.0 / b.steady;
  flushes_ = HopClock(rate, 100.0);
  channels_.assign(format.channels, {});
}

void PpmMeter::process(AudioView<const float> block) noexcept {
  assert(block.channels.size() == channels_.size());
  flushes_.advance(
      block.frames,
      [&](std::size_t first, std::size_t count) {
        for (std::size_t c = 0; c < channels_.size(); ++c) {
          const std::span<const float> part = block.channel(c).subspan(first, count);
          Channel s = channels_[c];
          if (s.fast == 0.0 && s.slow == 0.0 && is_digital_silence(part)) continue;
          for (float sample : part) {
            const double x = std::abs(static_cast<double>(sample));
            s.fast *= release_;
            s.slow *= release_;
            s.fast += fast_attack_ * std::max(0.0, x - s.fast);
            s.slow += slow_attack_ * std::max(0.0, x - s.slow);
            s.greatest = std::max(s.greatest, s.fast + s.slow);
          }
          channels_[c] = s;
        }
      },
      [&] {
        for (Channel& c : channels_) {
          if (c.fast < 1e-30 && c.slow < 1e-30) c.fast = c.slow = 0.0;
        }
      });
}

void PpmMeter::reset() noexcept {
  flushes_.reset();
  std::fill(channels_.begin(), channels_.end(), Channel{});
}

Db PpmMeter::level(std::size_t channel) const noexcept {
  return to_db(gain_ * (channels_[channel].fast + channels_[channel].slow));
}

Db PpmMeter::level_max(std::size_t channel) const noexcept {
  return to_db(gain_ * channels_[channel].greatest);
}

}  // namespace gainstage
