// SPDX-License-Identifier: MIT
// Features by which a track's role can be told from its sound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/aligned_vector.h"
#include "base/audio_view.h"
#include "dsp/complex_fft.h"
#include "dsp/k_weighting_hops.h"
#include "dsp/level.h"
#include "meters/hop_clock.h"
#include "meters/meter.h"

namespace gainstage {

/// Collects moments of 400 ms from the samples and their spectra, and sums them up over those in which it
/// sounds: not more than 26 dB under the mean of the loudest tenth. Gain changes nothing.
class AudioFeatureCollector {
 public:
  struct Features {
    double low_energy_share =
        0.0;  ///< Share of the energy over 10 Hz that is under 120 Hz, 0..1. The owner's.
    double median_frequency_hz = 0.0;  ///< Half of a moment's energy lies under it; median over the moments.
    double centroid_hz = 0.0;          ///< Power centroid, mean over the moments.
    double flatness = 0.0;             ///< Geometric over arithmetic mean of the power spectrum, 0..1, mean.
    double onsets_per_second = 0.0;
    double harmonicity =
        0.0;  ///< Greatest normalised autocorrelation, 30 to 500 Hz and multiples, 0..1, mean.
  };

  /// `window`: that of the spectra; `fft`: as long as theirs, or another one like it at every call. [main]
  void prepare(Format format, std::span<const float> window, ComplexFft& fft, double history_seconds);
  void reset() noexcept;  // [rt]

  /// `levels`: where the block begins with whole hops after whole hops, what is known of some of them: of hop
  /// n, channel c in levels[n * channels + c]. [rt]
  void add_samples(AudioView<const float> block, std::span<const HopLevels> levels = {}) noexcept;
  void add_moment(std::span<const float> bin_energies, ComplexFft& fft) noexcept;  // [rt], within the history
  void finish(ComplexFft& fft) noexcept;                                           // [rt]

  Features features() const;  // [main]

 private:
  struct Moment {
    float energy = 0.0f;
    float median_frequency_hz = 0.0f;
    float centroid_hz = 0.0f;
    float flatness = 0.0f;
    float harmonicity = 0.0f;
  };

  void end_hop(double energy) noexcept;
  void end_onsets() noexcept;
  double flatness(std::span<const float> bins, double mean) const noexcept;
  void correlate_waiting(ComplexFft& fft) noexcept;
  double harmonicity(std::span<const float> correlation) const noexcept;

  double sample_rate_hz_ = 48000.0;
  double bin_hz_ = 12.5;
  std::vector<Moment> moments_;

  // Autocorrelation: the transform of the energy spectrum. That of a real, even one is real, so two go in
  // one.
  std::array<AlignedVector<float>, 2> mirrored_;  ///< Spectra and their mirror images.
  std::array<std::size_t, 2> waiting_{};          ///< Whose they are: places in moments_.
  std::size_t waiting_count_ = 0;
  std::vector<float> over_window_;  ///< By lag in frames: 1 over the window's own, which is 1 at lag 0.

  // Onsets: rises of the energy of 10 ms.
  HopClock hops_;
  std::vector<LaneSum> squares_;    ///< Of the present hop, by channel.
  std::array<double, 6> recent_{};  ///< Energies of the hops before.
  std::size_t next_recent_ = 0;
  double falling_peak_ = 0.0;
  std::size_t hops_since_onset_ = 0;
  std::size_t hops_in_moment_ = 0;
  std::uint8_t onsets_in_moment_ = 0;
  std::vector<std::uint8_t> onsets_;  ///< Of each moment.
};

}  // namespace gainstage
