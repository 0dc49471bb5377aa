// SPDX-License-Identifier: MIT
// A vector that begins where a cache line does: a load of a whole vector register then never touches two.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace gainstage {

inline constexpr std::size_t cache_line_bytes = 64;

/// As std::allocator, but for the alignment.
template <typename T>
struct CacheLineAllocator {
  using value_type = T;

  CacheLineAllocator() = default;
  template <typename Other>
  CacheLineAllocator(const CacheLineAllocator<Other>&) noexcept {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{cache_line_bytes}));
  }
  void deallocate(T* values, std::size_t) noexcept {
    ::operator delete (values, std::align_val_t{cache_line_bytes});
  }
  template <typename Other>
  bool operator==(const CacheLineAllocator<Other>&) const noexcept {
    return true;
  }
};

template <typename T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

}  // namespace gainstage
