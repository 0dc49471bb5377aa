// SPDX-License-Identifier: MIT
// Counts what a test program allocates with new. Link allocation_counter.cpp; it replaces the global operator
// new.
#pragma once

#include <cstddef>

namespace gainstage::test {

/// How often this thread has allocated so far.
std::size_t allocations() noexcept;

}  // namespace gainstage::test
