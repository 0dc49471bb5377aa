// SPDX-License-Identifier: MIT
// What a signal is made of, by frequency: third octaves, stereo width of each, ERB bands over time, and the
// features by which a track's role can be told.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "base/audio_view.h"
#include "base/bands.h"
#include "meters/audio_features.h"
#include "meters/frequency_bands.h"
#include "meters/meter.h"
#include "meters/short_time_spectrum.h"

namespace gainstage {

/// `bands`: third octaves and width. `track`: ERB bands and features as well, which have a history.
enum class SpectrumDetail { bands, track };

/// The transforms of a spectrum meter at one sample rate: some 300 KB that meters of many signals
/// may share, so that it stays in the cache. Not on two threads at once.
struct SpectrumTransforms {
  explicit SpectrumTransforms(double sample_rate_hz);

  ShortTimeTransform whole;
  ShortTimeTransform low;
  ComplexFft correlation;  ///< As long as `whole`, whose spectrum is still to be read when a moment ends.
};

/// Mean powers, the channels' energies added, full scale 1. Bands up to 500 Hz are measured on a decimated
/// signal (windows of a second or more), the others in windows of 80 ms; every sample counts the same.
///
/// Powers and features need finish(): it closes the windows that are still open. After it, reset() starts
/// anew.
class SpectrumMeter {
 public:
  explicit SpectrumMeter(SpectrumDetail detail = SpectrumDetail::bands) : detail_(detail) {}

  void prepare(Format format, double history_seconds = default_history_seconds);  // [main]
  void process(AudioView<const float> block) noexcept { process(block, *own_); }  // [rt], within the history
  void finish() noexcept { finish(*own_); }  // [rt] after the last block, once

  /// For a meter that has no transforms of its own, but is lent some of its sample rate at every call.
  void prepare_sharing(Format format, SpectrumTransforms& transforms,
                       double history_seconds = default_history_seconds);  // [main]
  /// `levels` as AudioFeatureCollector::add_samples() takes them. [rt]
  void process(AudioView<const float> block, SpectrumTransforms& transforms,
               std::span<const HopLevels> levels = {}) noexcept;
  void finish(SpectrumTransforms& transforms) noexcept;  // [rt]

  void reset() noexcept;  // [rt]

  /// Mean power of each band; 0 over half the sample rate.
  ThirdOctaves third_octaves() const noexcept;
  /// Side's share of the energy of each band, 0..1; 0 unless there are two channels.
  ThirdOctaves widths() const noexcept;
  /// Mean power of each ERB band in every 400 ms, the last one filled up with silence. `track` only.
  std::span<const ErbFrame> erb_frames() const noexcept { return erb_frames_; }
  AudioFeatureCollector::Features features() const;  ///< `track` only. [main]

 private:
  /// Sums by bin: over the whole signal, of its lowest bins alone or all, and since the last moment ended.
  struct Energies {
    std::vector<double> all;
    std::vector<double> side;
    std::vector<float> moment;
    std::vector<float> moment_side;

    void prepare(std::size_t bins, std::size_t kept_bins);
    void add(const ShortTimeSpectrum::Frame& frame, float share) noexcept;
    void end_moment() noexcept;
    void clear() noexcept;
  };

  void append_low(std::size_t count, SpectrumTransforms& transforms) noexcept;
  void process_low(AudioView<const float> block, SpectrumTransforms& transforms) noexcept;
  void add_frame(const ShortTimeSpectrum::Frame& frame, SpectrumTransforms& transforms) noexcept;
  void add_low_frame(const ShortTimeSpectrum::Frame& frame) noexcept;
  void note_moment(SpectrumTransforms& transforms) noexcept;
  ErbFrame erb_frame() const noexcept;
  double energy(FrequencyRange range, std::vector<double> Energies::*part, bool is_low) const noexcept;

  SpectrumDetail detail_;
  Format format_;
  Frames position_ = 0;
  std::optional<SpectrumTransforms> own_;  ///< None where they are lent.

  ShortTimeSpectrum spectrum_;
  Energies energies_;
  double bin_hz_ = 12.5;

  // The low bands, on every factor_-th sample of the low-passed signal.
  std::size_t factor_ = 16;
  std::vector<float> low_pass_;
  AudioBuffer low_in_;  ///< The low-pass's history, then samples to decimate.
  std::size_t low_in_filled_ = 0;
  AudioBuffer low_out_;
  std::vector<float> low_flattening_;  ///< By bin, as far as a low band reaches: makes up for the low-pass.
  ShortTimeSpectrum low_spectrum_;
  Energies low_energies_;
  double low_bin_hz_ = 0.75;

  // Moments of 400 ms: ten hops of the short-time spectrum. A frame centred between two counts half for each.
  std::size_t frame_in_moment_ = 0;
  std::vector<ErbFrame> erb_frames_;
  AudioFeatureCollector features_;
};

static_assert(Meter<SpectrumMeter>);

}  // namespace gainstage
