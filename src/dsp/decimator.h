// SPDX-License-Identifier: MIT
// Every n-th sample of a low-passed signal.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gainstage {

/// Taps of a low-pass for decimation by `factor`: flat to a fifth of the lower rate, 80 dB down from four
/// fifths, which is where folding starts to reach the flat part. Sum 1.
std::vector<float> decimation_taps(std::size_t factor);

/// out[m] = sum over j of taps[j] x[m factor + j]. x holds (out.size() - 1) factor + taps.size() samples.
void decimate(std::span<const float> taps, std::size_t factor, std::span<const float> x,
              std::span<float> out) noexcept;

}  // namespace gainstage
