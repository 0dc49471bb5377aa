// SPDX-License-Identifier: MIT
// How alike two signals are, and how far apart in time. Internal to the room.
#pragma once

#include <span>
#include <vector>

namespace gainstage {

/// Normalised cross-correlation between 50 Hz and 8 kHz of two signals that begin at the same time, for the
/// lags -range .. range in frames; the middle value is lag 0. Positive lags: the second is later. Empty when
/// one of the two is silent there.
std::vector<double> cross_correlation(std::span<const float> first, std::span<const float> second,
                                      double sample_rate_hz, double range_s);

/// The lag that explains a cross-correlation best.
struct Alignment {
  int lag = 0;               ///< In frames.
  double correlation = 0.0;  ///< There, -1..1.
};

/// Of the local extrema within 90 % of the greatest magnitude, the one nearest to lag 0: a periodic sound
/// fits at many lags, and the nearest is the likeliest.
Alignment best_alignment(std::span<const double> correlation);

}  // namespace gainstage
