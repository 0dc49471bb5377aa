// SPDX-License-Identifier: MIT
// The loudness of a session's mix at any gains, without mixing.
#pragma once

#include <cstddef>
#include <cstdint>
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
/// Memory: the matrices are symmetric, so half of each is kept: 2 n (n + 1) bytes a hop, n the number of
/// tracks; 64 tracks of 5 minutes take 25 MB at `tenths`, 250 MB at `hundredths`. It grows with the square of
/// the tracks: beyond 64 of them `tenths` and `half` are for. Not thread-safe.
class MixLoudness {
 public:
  /// `tenths`: hops of 100 ms. Integrated loudness and loudness range are exact; maxima are taken every 100
  /// ms instead of every 10, and may read up to 0.5 LU (momentary) and 0.05 LU (short-term) lower.
  /// `hundredths`: hops of 10 ms; all are exact.
  enum class Detail { tenths, hundredths };

  /// How a product of two tracks is kept. `half`: as their correlation in the hop, in steps of 2^-15, which
  /// takes n (n + 3) bytes a hop, 13 MB where `single` takes 25. Each of the n (n - 1) / 2 products is off by
  /// at most 2^-16 sqrt(E_i E_j), E the tracks' energies at their gains, so that of the mix by at most 2^-16
  /// ((sum of sqrt E_i)^2 - sum of E_i). Tracks that do not cancel each other have the sum of E_i or more
  /// together: then a reading is off by at most 10 lg(1 + 2^-16 (n - 1)) dB, 0.004 LU with 64 tracks, 0.017
  /// LU with 256; the errors' signs being at random, a hundredth of that is usual. Where a mix cancels to a
  /// fraction of that sum, so much more.
  enum class Precision { single, half };

  struct Resolution {
    Detail detail = Detail::tenths;
    Precision precision = Precision::single;
    Resolution(Detail hops, Precision products = Precision::single) : detail(hops), precision(products) {}
  };

  /// The finest resolution of which `tracks` over `seconds` take at most `most_bytes`; where none does, that
  /// which takes the least.
  static Resolution finest(std::size_t tracks, double seconds, std::size_t most_bytes);

  /// Reads all tracks once. Errors: those of reading.
  static Result<MixLoudness> measure(const Session& session, Resolution resolution,
                                     const MeasureOptions& options = {}, const WorkOptions& work = {});

  /// Of nothing yet: for who measures.
  MixLoudness(std::size_t tracks, Resolution resolution);
  double hops_per_second() const { return resolution_.detail == Detail::tenths ? 10.0 : 100.0; }
  /// The next hop's means, one a pair (dsp/pair_products.h). All gains must be down.
  void add_hop(std::span<const double> means);

  struct Reading {
    Lufs integrated;
    Lufs momentary_max;
    Lufs short_term_max;
    Db loudness_range;
  };

  std::size_t tracks() const { return gains_.size(); }
  std::size_t bytes_per_hop() const;  ///< Of the matrices.

  /// The mix at these gains, one a track; minus infinity leaves a track out. Does not change the present
  /// ones.
  Reading loudness(std::span<const Db> gains) const;

  /// The present gains; minus infinity for all at first. Where few change, it costs their rows only.
  void set_gains(std::span<const Db> gains);
  /// Moves one fader. Costs a pass over that track's row only.
  void set_gain(std::size_t track, Db gain) { set_ratio(track, to_ratio(gain)); }
  Reading reading() const { return read(energies_); }

  /// The same of a stretch alone, for comparisons: of the tenths of a second that begin in it.
  Reading reading(double from_s, double to_s) const;

  /// Loudness over time as the meter shows it, every 100 ms from 0.1 s on: before the beginning there is
  /// silence. Minus infinity in silence.
  struct History {
    std::vector<float> momentary_lufs;
    std::vector<float> short_term_lufs;
  };
  History history() const;  ///< At the present gains.

  /// By how much the integrated loudness rises with each track's gain, LU per dB, at the present gains and
  /// gates. The entries add up to 1; a track that cancels others may have a negative one. All 0 in silence.
  std::vector<double> gradient() const;

  /// Of two tracks over the song, K-weighted, -1..1; 0 where one is silent.
  double correlation(std::size_t first, std::size_t second) const;

 private:
  void set_ratio(std::size_t track, double after);
  /// Of a pair, by time; where it is kept as correlations, in `scratch`.
  std::span<const float> hops_of(std::size_t first, std::size_t second, std::vector<float>& scratch) const;
  std::vector<double> energies(std::span<const double> ratios) const;
  Reading read(std::span<const double> energies) const;

  Resolution resolution_;
  std::vector<std::vector<float>> hops_;  ///< By pair, then by time: a fader's move reads long rows.
  // Instead, in half precision.
  std::vector<std::vector<std::int16_t>> correlations_;  ///< By pair, then by time; none with itself.
  std::vector<std::vector<float>> amplitudes_;           ///< Roots of the energies, by track, then by time.
  std::vector<double> gains_;                            ///< Ratios.
  std::vector<double> energies_;                         ///< At the present gains.
};

}  // namespace gainstage
