// SPDX-License-Identifier: MIT
// Every n-th sample of a low-passed signal.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gainstage {

/// Taps of a low-pass for decimation by `factor`: 80 dB down from four fifths of the lower rate, which is
/// where folding starts to reach its lowest fifth. That fifth is not flat: see decimation_power(). Sum 1.
std::vector<float> decimation_taps(std::size_t factor);

/// What the low-pass leaves of the power of a tone at `of_lower_rate`, 0 to 4/5 of the lower rate: 1 at 0, no
/// less than 0.47 (-3.3 dB) up to a fifth.
double decimation_power(std::size_t factor, double of_lower_rate);

/// out[m] = sum over j of taps[j] x[m factor + j]. x holds (out.size() - 1) factor + taps.size() samples.
void decimate(std::span<const float> taps, std::size_t factor, std::span<const float> x,
              std::span<float> out) noexcept;

}  // namespace gainstage
