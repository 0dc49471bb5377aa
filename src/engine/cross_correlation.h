// SPDX-License-Identifier: MIT
// How alike two signals are, and how far apart in time. Internal to the room.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

#include "dsp/complex_fft.h"

namespace gainstage {

/// Normalised cross-correlation between 50 Hz and 8 kHz of two signals that begin at the same time. Made once
/// for many of them; not on two threads at once.
class CrossCorrelator {
 public:
  /// For signals of at most `most_frames`.
  CrossCorrelator(std::size_t most_frames, double sample_rate_hz, double range_s);

  /// For the lags -range .. range in frames; the middle value is lag 0. Positive lags: the second is later.
  /// Empty when one of the two is silent there.
  std::vector<double> correlate(std::span<const float> first, std::span<const float> second);

 private:
  double sample_rate_hz_;
  std::size_t range_;
  ComplexFft fft_;
  std::vector<std::complex<float>> product_;  ///< Of the two spectra, between those frequencies.
};

/// The lag that explains a cross-correlation best.
struct Alignment {
  int lag = 0;               ///< In frames.
  double correlation = 0.0;  ///< There, -1..1.
};

/// Of the local extrema within 90 % of the greatest magnitude, the one nearest to lag 0: a periodic sound
/// fits at many lags, and the nearest is the likeliest.
Alignment best_alignment(std::span<const double> correlation);

}  // namespace gainstage
