// SPDX-License-Identifier: MIT
// Sums of spectra over bands. A bin holds the frequencies half a bin to both sides; one on a band's edge
// counts by the share that lies in the band.
#pragma once

#include <cstddef>
#include <span>

#include "base/bands.h"

namespace gainstage {

struct FrequencyRange {
  double from_hz = 0.0;
  double to_hz = 0.0;
};

/// 1000 10^(n/10) Hz, a 20th of a decade to both sides (IEC 61260-1, base ten).
FrequencyRange third_octave_range(std::size_t band);
FrequencyRange erb_range(std::size_t band);

double sum_over(FrequencyRange range, std::span<const double> bins, double bin_hz) noexcept;
double sum_over(FrequencyRange range, std::span<const float> bins, double bin_hz) noexcept;

}  // namespace gainstage
