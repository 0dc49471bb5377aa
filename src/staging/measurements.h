// SPDX-License-Identifier: MIT
// What staging is told about the sound. The engine fills these values; staging never sees a sample.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/bands.h"
#include "base/units.h"

namespace gainstage {

/// A run of samples at or over the ceiling of its file.
struct ClippedRun {
  double seconds = 0.0;     ///< Start, from the beginning of the file.
  std::size_t channel = 0;  ///< From 0.
  std::size_t frames = 0;   ///< Length.
  Db over;                  ///< Peak of the run over 0 dBFS; 0 dB at the ceiling of a fixed-point file.
};

struct Clipping {
  std::size_t runs = 0;  ///< 3 or more consecutive samples at the file's ceiling, or any over 0 dBFS.
  std::size_t longest_frames = 0;
  Db over;                         ///< The greatest `over` of all runs; meaningful when runs > 0.
  std::vector<ClippedRun> places;  ///< The 32 longest, by time.
};

struct StereoField {
  double correlation = 0.0;  ///< Zero-lag, whole signal, -1..1.
  double width = 0.0;        ///< Side energy over total energy, 0 (mono) .. 1 (polarity-inverted).
  Db balance;                ///< Left energy over right; minus or plus infinity when one side is silent.
  Db mono_loss;              ///< Energy of (L+R)/2 against the mean of L's and R's; 0 dB for equal channels.
};

/// Figures of one signal at one tap. Silence is minus infinity. Absent: not measured, or undefined here.
struct Measure {
  Lufs integrated;
  Lufs momentary_max;
  Lufs short_term_max;
  Db loudness_range;              ///< LU.
  Db true_peak{silent_db};        ///< dBTP, greatest channel.
  Db sample_peak{silent_db};      ///< dBFS, greatest channel.
  Db rms{silent_db};              ///< dBFS over the whole signal, all channels together; AES-17 adds 3.01 dB.
  Db vu_max{silent_db};           ///< VU, 0 at the reference.
  Db vu_mean{silent_db};          ///< VU, mean while sounding.
  Db k_system{silent_db};         ///< Greatest K-meter reading, re the reference (K-20 unless chosen).
  std::optional<Db> crest;        ///< Sample peak less RMS.
  std::optional<Db> plr;          ///< True peak less integrated loudness, LU.
  std::optional<Db> psr;          ///< True peak less greatest short-term loudness, LU.
  Db dc_offset{silent_db};        ///< |mean|, greatest channel, dBFS.
  std::optional<Db> noise_floor;  ///< Quietest 500 ms of signal that is not digital silence, RMS in dBFS.
  double activity_percent = 0.0;  ///< Share of the time in which it sounds.
  Clipping clipping;
  std::optional<StereoField> stereo;   ///< Two-channel signals only.
  std::size_t non_finite_samples = 0;  ///< NaN or infinite samples found (and taken as silence).
  std::optional<double> first_non_finite_s;
  double duration_s = 0.0;
  double sample_rate_hz = 0.0;
  std::size_t channels = 0;
  std::string true_peak_filter;  ///< "gainstage-16x" or "bs1770-4x".

  bool is_silent() const { return std::isinf(sample_peak.value); }
  /// A mean under 1e-9 of full scale (-180 dB) is the rounding of samples and sums, and no offset.
  bool has_dc_offset() const { return dc_offset >= Db{-180.0}; }
};

/// The figures of the same signal turned up by `gain`: every level moves with it, what is a difference stays.
/// Gates are taken to move too; loudness that is gated anew needs the hops.
Measure turned(Measure measure, Db gain);

/// What can be told from the audio about a role.
struct AudioFeatures {
  double low_energy_share = 0.0;     ///< Share of energy under 120 Hz, 0..1.
  double median_frequency_hz = 0.0;  ///< Half of the energy lies under it (median over time).
  double centroid_hz = 0.0;          ///< Power centroid while sounding.
  double flatness = 0.0;             ///< Geometric over arithmetic mean of the power spectrum, 0..1.
  double onsets_per_second = 0.0;    ///< While sounding.
  double harmonicity = 0.0;          ///< Greatest normalised autocorrelation, 0..1, mean while sounding.
  ThirdOctaves spectrum{};           ///< Long-term mean power.
};

/// One track, as it goes into the mix (resampled to the session's rate, a mono source on two channels).
struct TrackMeasurements {
  Measure clip;                      ///< The source as it is.
  std::vector<double> hop_energies;  ///< Channel-weighted, K-weighted mean square of each 100 ms.
  std::vector<float> hop_vu;     ///< VU needle at the end of each 100 ms, amplitude ratio, sine = its RMS.
  std::vector<float> hop_peaks;  ///< Greatest |sample| of each 100 ms.
  std::vector<ErbFrame> erb_frames;  ///< One per 400 ms.
  AudioFeatures features;
  bool is_dual_mono = false;  ///< Two channels, equal to the last bit (or a mono source).
  bool is_one_sided = false;  ///< Two channels, one of them silent.
};

/// Two tracks that seem to be one sound twice.
struct PairFinding {
  std::size_t first = 0;
  std::size_t second = 0;
  double correlation = 0.0;  ///< At `delay_s`, -1..1.
  double delay_s = 0.0;      ///< The second lags the first by this much.
  double seconds = 0.0;      ///< Where it was heard best.
};

/// All that balance() knows besides the session and the options. Tracks are in the session's order.
struct Measurements {
  std::vector<TrackMeasurements> tracks;
  /// Zero-lag covariance of the K-weighted tracks over the song, channels weighted and summed, row-major n x
  /// n: the mean energy of a mix with gains g is g^T C g.
  std::vector<double> covariance;
  std::vector<PairFinding> pairs;

  double covariance_of(std::size_t i, std::size_t j) const { return covariance[i * tracks.size() + j]; }
};

/// Measures at a strip's taps on a DAW's desk, or nothing where they can't be known: behind an insert that is
/// not printed, behind media that are missing, and wherever such sound is mixed in.
struct StripLevels {
  std::optional<Measure> trim_in;    ///< The clips with their gains, or what a bus is fed.
  std::optional<Measure> insert_in;  ///< Behind the trim.
  std::optional<Measure> fader_out;  ///< Behind fader and pan, as it leaves. Of the master: the mix.
};

/// One a strip of the session's flow.
using FlowLevels = std::vector<StripLevels>;

/// The master with some of the tracks in, at the gains that were asked for.
struct MixMeasurements {
  Db sample_peak{silent_db};
  Db true_peak{silent_db};
  Db vu_max{silent_db};  ///< 0 at -18 dBFS.
  Db rms{silent_db};
  Lufs momentary_max;
  Lufs short_term_max;
  std::vector<double>
      hop_energies;             ///< 100 ms, weighted: gives integrated loudness and LRA at any further gain.
  double true_peak_at_s = 0.0;  ///< Where the true peak is.
};

}  // namespace gainstage
