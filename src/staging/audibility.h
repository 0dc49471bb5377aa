// SPDX-License-Identifier: MIT
// Which tracks are buried under the others, by an energy-domain masking model on 38 ERB bands.
#pragma once

#include <cstddef>
#include <vector>

#include "staging/measurements.h"

namespace gainstage {

/// Share of each track that stands above what the others mask, 0..1, at any gains.
///
/// Share = sum of E^0.25 over the bands and 400 ms frames in which the track's energy is over the others'
/// spread energy less 4.5 dB, over the same sum everywhere. Spreading: Schroeder 1979. No absolute threshold,
/// so only level differences matter. Long sessions are judged on at most 1500 frames, evenly taken.
class Audibility {
 public:
  Audibility(const std::vector<TrackMeasurements>& tracks, const std::vector<bool>& is_silent);

  double share(std::size_t track, const std::vector<Db>& gains) const;
  /// The track whose spread energy covers most of `track`; `track` itself when nothing does.
  std::size_t strongest_masker(std::size_t track, const std::vector<Db>& gains,
                               const std::vector<bool>& may_be_named) const;

 private:
  std::size_t frames_ = 0;
  std::vector<std::vector<ErbFrame>> energy_;  ///< [track][frame]
  std::vector<std::vector<ErbFrame>> spread_;  ///< [track][frame]
};

}  // namespace gainstage
