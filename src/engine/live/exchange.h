// SPDX-License-Identifier: MIT
// What one thread gives to another, where neither may wait. Internal to the room.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace gainstage {

/// From one thread to one other, in order.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : items_(capacity) {}  // [main] allocates

  /// False when it is full. [producer]
  bool push(const T& item) noexcept {
    const std::uint64_t next = pushed_.load(std::memory_order_relaxed);
    if (next - popped_.load(std::memory_order_acquire) == items_.size()) return false;
    items_[next % items_.size()] = item;
    pushed_.store(next + 1, std::memory_order_release);
    return true;
  }
  /// False when it is empty. [consumer]
  bool pop(T& item) noexcept {
    const std::uint64_t next = popped_.load(std::memory_order_relaxed);
    if (next == pushed_.load(std::memory_order_acquire)) return false;
    item = items_[next % items_.size()];
    popped_.store(next + 1, std::memory_order_release);
    return true;
  }
  std::size_t capacity() const noexcept { return items_.size(); }

 private:
  std::vector<T> items_;
  alignas(64) std::atomic<std::uint64_t> pushed_ = 0;
  alignas(64) std::atomic<std::uint64_t> popped_ = 0;
};

/// The newest of what one thread says; any other may look. The one who says it never waits; who looks tries
/// again while it is being said.
template <typename T>
class LatestValue {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  void store(const T& value) noexcept {  // [the owner]
    std::array<std::uint64_t, words> parts{};
    std::memcpy(parts.data(), &value, sizeof(T));
    const std::uint32_t turn = turn_.load(std::memory_order_relaxed);
    turn_.store(turn + 1, std::memory_order_relaxed);
    // A part is seen no earlier than that the turn is odd.
    for (std::size_t i = 0; i < words; ++i) parts_[i].store(parts[i], std::memory_order_release);
    turn_.store(turn + 2, std::memory_order_release);
  }
  T load() const noexcept {  // [any] but the realtime thread
    std::array<std::uint64_t, words> parts{};
    for (;;) {
      const std::uint32_t before = turn_.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < words; ++i) parts[i] = parts_[i].load(std::memory_order_acquire);
      if (before % 2 == 0 && turn_.load(std::memory_order_relaxed) == before) break;
    }
    T value;
    std::memcpy(static_cast<void*>(&value), parts.data(), sizeof(T));
    return value;
  }

 private:
  static constexpr std::size_t words = (sizeof(T) + 7) / 8;

  std::atomic<std::uint32_t> turn_ = 0;
  std::array<std::atomic<std::uint64_t>, words> parts_{};
};

/// The greatest of what one thread says between two looks of another: nothing is lost between them.
class GreatestSince {
 public:
  /// Tries again only when the other looks at that moment.
  void raise(float value) noexcept {
    float known = value_.load(std::memory_order_relaxed);
    while (value > known && !value_.compare_exchange_weak(known, value, std::memory_order_relaxed)) {
    }
  }
  float take() noexcept { return value_.exchange(0.0f, std::memory_order_relaxed); }

 private:
  std::atomic<float> value_ = 0.0f;
};

}  // namespace gainstage
