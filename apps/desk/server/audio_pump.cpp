// SPDX-License-Identifier: MIT
#include "desk/server/audio_pump.h"

#include <algorithm>
#include <cmath>

#include "engine/live/thread_priority.h"

namespace gainstage::desk {
namespace {

/// 1.28 s: more than what is caught up after a stall.
constexpr std::size_t slots = 128;
constexpr auto longest_sleep = std::chrono::milliseconds(20);

}  // namespace

std::size_t pump_block_frames(double sample_rate_hz) {
  return static_cast<std::size_t>(std::max(1.0, std::round(sample_rate_hz / 100.0)));
}

AudioPump::AudioPump(LiveDesk& live, const PumpOptions& options, std::function<void()> wake)
    : live_(live),
      options_(options),
      wake_(std::move(wake)),
      buffer_(std::max<std::size_t>(1, options.channels), pump_block_frames(options.sample_rate_hz)),
      pacer_(options.sample_rate_hz, static_cast<double>(buffer_.frames()), options.pace),
      slots_(slots) {
  for (AudioChunk& slot : slots_) slot.samples.resize(2 * buffer_.frames());
  thread_ = std::thread([this] { run(); });
}

AudioPump::~AudioPump() {
  is_over_.store(true);
  thread_.join();
}

void AudioPump::lead_begins(double lead_ms) {
  lead_ms_.store(lead_ms);
  leads_.fetch_add(1);
}

void AudioPump::heard(double fill_ms) {
  fill_ms_.store(fill_ms);
  reports_.fetch_add(1);
}

void AudioPump::read_reports(Pacer::Time now) {
  if (const std::uint32_t leads = leads_.load(); leads != seen_leads_) {
    seen_leads_ = leads;
    pacer_.lead_begins(lead_ms_.load(), now);
  }
  if (const std::uint32_t reports = reports_.load(); reports != seen_reports_) {
    seen_reports_ = reports;
    pacer_.heard(fill_ms_.load(), now);
  }
}

void AudioPump::run() {
  ask_for(ThreadPriority::realtime);
  pacer_.start(std::chrono::steady_clock::now());
  while (!is_over_.load()) {
    const auto now = std::chrono::steady_clock::now();
    read_reports(now);
    for (std::size_t blocks = pacer_.due(now); blocks > 0 && !is_over_.load(); --blocks) make_block();
    std::this_thread::sleep_until(std::min(pacer_.next(), std::chrono::steady_clock::now() + longest_sleep));
  }
}

void AudioPump::make_block() {
  const AudioView<float> view = buffer_.view();
  const LiveBlock block = live_.process(view);
  const std::uint64_t number = made_++;
  const std::size_t head = head_.load(std::memory_order_relaxed);
  if (head - tail_.load(std::memory_order_acquire) < slots_.size()) {
    AudioChunk& slot = slots_[head % slots_.size()];
    slot.number = number;
    slot.block = block;
    const auto left = view.channel(0);
    const auto right = view.channel(buffer_.channels() > 1 ? 1 : 0);
    for (std::size_t f = 0; f < view.frames; ++f) {
      slot.samples[2 * f] = left[f];
      slot.samples[2 * f + 1] = right[f];
    }
    head_.store(head + 1, std::memory_order_release);
  }
  if (!is_woken_.exchange(true)) wake_();
}

}  // namespace gainstage::desk
