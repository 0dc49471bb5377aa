// SPDX-License-Identifier: MIT
// The loudness of a session's mix at any gains, without mixing.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/units.h"
#include "engine/engine.h"
#include "session/session.h"

namespace gainstage {

/// The energy of a linear mix is quadratic in its gains: e_t = g^T G_t g, G_t the Gram matrix of the
/// K-weighted tracks in hop t, channels weighted and summed. With G kept, the loudness of any fader position
/// follows; where the meter reads in hops of the same length it is the meter's own, but for rounding.
///
/// Memory: 2 n (n + 1) bytes a hop, n the number of tracks; 64 tracks of 5 minutes take 25 MB at `tenths`,
/// 250 MB at `hundredths`. Not thread-safe.
class MixLoudness {
 public:
  /// `tenths`: hops of 100 ms. Integrated loudness and loudness range are exact; maxima are taken every 100
  /// ms instead of every 10, and may read up to 0.5 LU (momentary) and 0.05 LU (short-term) lower.
  /// `hundredths`: hops of 10 ms; all are exact.
  enum class Detail { tenths, hundredths };

  /// Reads all tracks once. Errors: those of reading.
  static Result<MixLoudness> measure(const Session& session, Detail detail,
                                     const MeasureOptions& options = {}, const WorkOptions& work = {});

  struct Reading {
    Lufs integrated;
    Lufs momentary_max;
    Lufs short_term_max;
    Db loudness_range;
  };

  std::size_t tracks() const { return gains_.size(); }

  /// The mix at these gains, one a track; minus infinity leaves a track out. Does not change the present
  /// ones.
  Reading loudness(std::span<const Db> gains) const;

  /// The present gains; minus infinity for all at first.
  void set_gains(std::span<const Db> gains);
  /// Moves one fader. Costs a pass over that track's row only.
  void set_gain(std::size_t track, Db gain);
  Reading reading() const { return read(energies_); }

  /// By how much the integrated loudness rises with each track's gain, LU per dB, at the present gains and
  /// gates. The entries add up to 1; a track that cancels others may have a negative one. All 0 in silence.
  std::vector<double> gradient() const;

  /// Of two tracks over the song, K-weighted, -1..1; 0 where one is silent.
  double correlation(std::size_t first, std::size_t second) const;

 private:
  MixLoudness(std::size_t tracks, Detail detail);

  std::span<const float> hops_of(std::size_t first, std::size_t second) const;
  std::vector<double> energies(std::span<const double> ratios) const;
  Reading read(std::span<const double> energies) const;

  Detail detail_;
  std::vector<std::vector<float>> hops_;  ///< By pair, then by time: a fader's move reads long rows.
  std::vector<double> gains_;             ///< Ratios.
  std::vector<double> energies_;          ///< At the present gains.
};

}  // namespace gainstage
