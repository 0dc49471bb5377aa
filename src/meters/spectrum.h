// SPDX-License-Identifier: MIT
// What a signal is made of, by frequency: third octaves, stereo width of each, ERB bands over time, and the
// features by which a track's role can be told.
#pragma once

#include <cstddef>
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

/// Mean powers, the channels' energies added, full scale 1. Bands up to 500 Hz are measured on a decimated
/// signal (windows of a second or more), the others in windows of 80 ms; every sample counts the same.
///
/// Powers and features need finish(): it closes the windows that are still open. After it, reset() starts
/// anew.
class SpectrumMeter {
 public:
  explicit SpectrumMeter(SpectrumDetail detail = SpectrumDetail::bands) : detail_(detail) {}

  void prepare(Format format, double history_seconds = default_history_seconds);  // [main]
  void process(AudioView<const float> block) noexcept;                            // [rt], within the history
  void finish() noexcept;  // [rt] after the last block, once
  void reset() noexcept;   // [rt]

  /// Mean power of each band; 0 over half the sample rate.
  ThirdOctaves third_octaves() const noexcept;
  /// Side's share of the energy of each band, 0..1; 0 unless there are two channels.
  ThirdOctaves widths() const noexcept;
  /// Mean power of each ERB band in every 400 ms, the last one filled up with silence. `track` only.
  std::span<const ErbFrame> erb_frames() const noexcept { return erb_frames_; }
  AudioFeatureCollector::Features features() const;  ///< `track` only. [main]

 private:
  /// Sums by bin: over the whole signal, and since the last moment ended.
  struct Energies {
    std::vector<double> all;
    std::vector<double> side;
    std::vector<float> moment;
    std::vector<float> moment_side;

    void prepare(std::size_t bins);
    void add(const ShortTimeSpectrum::Frame& frame, float share) noexcept;
    void end_moment() noexcept;
    void clear() noexcept;
  };

  void append_low(std::size_t count) noexcept;
  void process_low(AudioView<const float> block) noexcept;
  void add_frame(const ShortTimeSpectrum::Frame& frame) noexcept;
  void add_low_frame(const ShortTimeSpectrum::Frame& frame) noexcept;
  void note_moment() noexcept;
  ErbFrame erb_frame() const noexcept;
  double energy(FrequencyRange range, std::vector<double> Energies::*part, bool is_low) const noexcept;

  SpectrumDetail detail_;
  Format format_;
  Frames position_ = 0;

  ShortTimeSpectrum spectrum_;
  Energies energies_;
  double bin_hz_ = 12.5;

  // The low bands, on every factor_-th sample of the low-passed signal.
  std::size_t factor_ = 16;
  std::vector<float> low_pass_;
  AudioBuffer low_in_;  ///< The low-pass's history, then samples to decimate.
  std::size_t low_in_filled_ = 0;
  AudioBuffer low_out_;
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
