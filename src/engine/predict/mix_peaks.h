// SPDX-License-Identifier: MIT
// The true peak of a session's mix at any gains: a bound at once, and itself without mixing all of it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "engine/engine.h"
#include "session/session.h"

namespace gainstage {

/// What exact_true_peak() found.
struct ExactPeak {
  Db true_peak{silent_db};
  double at_s = 0.0;
  std::vector<double> ratios;    ///< The gains it is of.
  std::vector<float> hop_peaks;  ///< What the mix is not over at them, hop by hop.
  std::size_t hops_mixed = 0;    ///< Of them, those that had to be mixed to be sure.
};

/// What a track can reach between its samples in every hop, and with it what any mix can. Not thread-safe.
///
/// An interpolated value is at most `level` times the greater of the two samples it lies between plus `bend`
/// times the greatest second difference around (InterpolationBound). That is within 0.1 dB of the true peak
/// for low sounds; noise up to the top of the band may read some dB more. Tracks are taken to peak together,
/// so a mix of many reads up to 20 lg sqrt(n) dB over its true peak, until learn() knows an exact one: from
/// there on a bound is the known mix and what was changed of it.
class MixPeaks {
 public:
  static constexpr double hops_per_second = 50.0;

  struct Bound {
    Db true_peak{silent_db};
    double at_s = 0.0;  ///< Where the bound is.
  };

  MixPeaks() = default;
  /// `hop_peaks`: one a track, then one a hop.
  explicit MixPeaks(std::vector<std::vector<float>> hop_peaks);

  std::size_t tracks() const { return hop_peaks_.size(); }
  std::size_t hops() const { return hop_count_; }

  /// The mix at these gains, one a track, is not over it: neither a file of it in floats, nor with the filter
  /// that was measured for.
  Bound bound(std::span<const Db> gains) const;
  /// The same hop by hop, for exact_true_peak(), which may run on another thread.
  std::vector<float> hop_bounds(std::span<const Db> gains) const;
  /// Keeps it for bounds to come, the newest few of them.
  void learn(ExactPeak found);

 private:
  static constexpr std::size_t most_known = 4;

  std::vector<std::vector<float>> hop_peaks_;
  std::vector<double> greatest_;  ///< Of each track.
  std::vector<ExactPeak> known_;
  std::size_t hop_count_ = 0;
};

/// The true peak that the mix of the session's tracks (of DeskParts: the parts) measures at these gains. Of
/// `hop_bounds` (MixPeaks::hop_bounds()) the highest are mixed first, then all that are over what was found.
/// Errors: those of reading; cancelled.
Result<ExactPeak> exact_true_peak(const Session& session, std::span<const Db> gains,
                                  std::span<const float> hop_bounds, const MeasureOptions& options,
                                  const WorkOptions& work = {});

}  // namespace gainstage
