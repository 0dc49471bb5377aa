// SPDX-License-Identifier: MIT
// Which tracks are buried under the others, by an energy-domain masking model on 38 ERB bands.
#pragma once

#include <cstddef>
#include <vector>

#include "staging/measurements.h"

namespace gainstage {

/// How well each track of a mix at given gains stands above the others.
///
/// The share of a track is the sum of E^0.25 over the bands and 400 ms frames in which its energy is over the
/// others' spread energy less 4.5 dB, over the same sum everywhere. Spreading: Schroeder 1979. No absolute
/// threshold, so only level differences matter. Long sessions are judged on at most 1500 frames, evenly
/// taken.
class Audibility {
 public:
  /// Silent tracks neither mask nor are heard.
  Audibility(const std::vector<TrackMeasurements>& tracks, const std::vector<bool>& is_silent,
             const std::vector<Db>& gains);

  /// 0..1, with the track's own gain changed by `raise`.
  double share(std::size_t track, Db raise = {}) const;

  /// How much of a track's weight each other one would cover by itself, with the track raised; its own entry
  /// is 0.
  std::vector<double> covered_by(std::size_t track, Db raise) const;

 private:
  std::vector<std::vector<ErbFrame>> energy_;  ///< [track][frame], at the gains.
  std::vector<std::vector<ErbFrame>> spread_;  ///< [track][frame], at the gains.
  std::vector<std::array<double, erb_band_count>> total_spread_;
};

}  // namespace gainstage
