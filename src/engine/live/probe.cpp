// SPDX-License-Identifier: MIT
#include "engine/live/probe.h"

#include <algorithm>
#include <cmath>

namespace gainstage {

Probe::Probe(double sample_rate_hz)
    : second_(static_cast<std::size_t>(std::llround(sample_rate_hz))),
      samples_(2 * (second_ + second_ / 4)),
      capacity_(samples_.size() / 2) {}

void Probe::begin_anew() noexcept {
  begin_.store(written_.load(std::memory_order_relaxed), std::memory_order_release);
}

void Probe::write(const LiveSound& sound, std::size_t frames) noexcept {
  const std::uint64_t first = written_.load(std::memory_order_relaxed);
  writing_.store(first + frames, std::memory_order_relaxed);
  const std::size_t right = sound.samples.channels.size() > 1 ? 1 : 0;
  std::size_t at = static_cast<std::size_t>(first % capacity_);
  for (std::size_t k = 0; k < frames; ++k) {
    // Released, so that whoever reads one of them sees that it is being written.
    samples_[2 * at].store(sound.is_silent ? 0.0f : sound.samples.channel(0)[k], std::memory_order_release);
    samples_[2 * at + 1].store(sound.is_silent ? 0.0f : sound.samples.channel(right)[k],
                               std::memory_order_release);
    if (++at == capacity_) at = 0;
  }
  written_.store(first + frames, std::memory_order_release);
}

std::size_t Probe::read(std::vector<float>& samples) {
  const std::uint64_t end = written_.load(std::memory_order_acquire);
  std::uint64_t first = std::max(read_, begin_.load(std::memory_order_acquire));
  read_ = end;
  if (end > second_) first = std::max(first, end - second_);
  samples.clear();
  if (first >= end) return 0;
  samples.resize(2 * static_cast<std::size_t>(end - first));
  std::size_t at = static_cast<std::size_t>(first % capacity_);
  for (std::size_t k = 0; k < samples.size(); k += 2) {
    samples[k] = samples_[2 * at].load(std::memory_order_acquire);
    samples[k + 1] = samples_[2 * at + 1].load(std::memory_order_acquire);
    if (++at == capacity_) at = 0;
  }
  const std::uint64_t over = writing_.load(std::memory_order_relaxed);
  if (over > first + capacity_) {
    const auto lost = static_cast<std::size_t>(std::min(end - first, over - capacity_ - first));
    samples.erase(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(2 * lost));
  }
  return samples.size() / 2;
}

}  // namespace gainstage
