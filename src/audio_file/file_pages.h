// SPDX-License-Identifier: MIT
// Pages of files that are looked at in place.
#pragma once

#include <cstddef>
#include <span>

namespace gainstage {

/// Lets go of pages of mapped files that have been looked at; whoever looks again gets them back. What lies
/// at the end of each span, and is likely to be wanted next, is kept. Threads that run at the same time are
/// interrupted once a call: so hand over many at a time.
void let_go(std::span<const std::span<const std::byte>> pages);

}  // namespace gainstage
