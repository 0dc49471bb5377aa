// SPDX-License-Identifier: MIT
// Every meter of one signal, and the figures they make together. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "audio_file/audio_reader.h"
#include "base/audio_view.h"
#include "engine/engine.h"
#include "engine/source_reader.h"
#include "meters/level_meters.h"
#include "meters/loudness.h"
#include "meters/spectrum.h"
#include "meters/stereo_field.h"
#include "meters/true_peak.h"
#include "staging/measurements.h"

namespace gainstage {

/// What must be read from the very samples of a file, before any resampling.
class SourceMeter {
 public:
  explicit SourceMeter(const AudioFileInfo& info);

  void process(AudioView<const float> block);
  /// A block of whole hops whose levels SignalMeter::process_hops() told.
  void process(AudioView<const float> block, std::span<const HopLevels> levels);
  void finish() { levels_.finish(); }  ///< After the last block.
  const LevelMeters& levels() const { return levels_; }
  LevelMeters& levels() { return levels_; }  ///< To be fed by whoever feeds compare() too.
  void compare(AudioView<const float> block);
  /// Writes sample peak, DC offset, clipping and the facts of the file.
  void fill(Measure& measure, const SourceReader& reader) const;

  bool is_dual_mono() const { return channels_ == 1 || (channels_ == 2 && are_equal_); }
  bool is_one_sided() const;

 private:
  std::size_t channels_;
  LevelMeters levels_;
  bool are_equal_ = true;  ///< The first two channels, to the last bit.
};

/// Loudness, true peak, spectrum and stereo field of a signal. Its parts may run side by side.
class SignalMeter {
 public:
  static constexpr std::size_t parts = 4;

  /// `weights`: those of the loudness, one a channel. Without `spectrum`, there is none. With `transforms`,
  /// some like these are lent to process() and finish() each time.
  SignalMeter(const MeasureOptions& options, double sample_rate_hz, std::span<const double> weights,
              std::optional<SpectrumDetail> spectrum, SpectrumTransforms* transforms = nullptr);

  /// Part 0 is the loudness. Where it is fed by add_k_weighted_hop(), that part is left out.
  void process(std::size_t part, AudioView<const float> block);
  /// Part 2 with lent transforms, where the samples were K-weighted elsewhere, which told the levels of the
  /// whole hops that the block begins with.
  void find_spectrum(AudioView<const float> block, std::span<const HopLevels> levels,
                     SpectrumTransforms& transforms) {
    if (spectrum_) spectrum_->process(block, transforms, levels);
  }
  void find_stereo_field(AudioView<const float> block) { process(3, block); }  ///< Part 3.
  /// How many of so many frames, after whole hops, parts 0 and 1 can take together.
  std::size_t whole_hops(std::size_t frames) const {
    return loudness_.has_levels() ? frames - frames % loudness_.frames_in_hop() : 0;
  }
  /// Parts 0 and 1 in one look at the samples; what it saw, hop after hop of all channels.
  /// Meanwhile the processor is asked for the bytes `ahead`.
  std::span<const HopLevels> process_hops(AudioView<const float> block,
                                          std::span<const std::byte> ahead = {});
  /// As process_hops(), for two channels whose 24-bit samples lie interleaved in `bytes`. `samples`: memory
  /// for as many frames. Afterwards it holds those at which a meter of true peak or of clipping at `ceiling`
  /// looks; the rest of it is anything finite.
  std::span<const HopLevels> process_packed_hops(std::span<const std::byte> bytes, AudioView<float> samples,
                                                 double ceiling, std::span<const std::byte> ahead = {});
  /// Part 1 where the samples were K-weighted elsewhere, which told the levels of whole hops.
  void find_true_peak(AudioView<const float> block, std::span<const HopLevels> levels) {
    true_peak_.process(block, levels);
  }
  /// A hop that was K-weighted elsewhere: as KWeightingFilter tells of it.
  void add_k_weighted_hop(std::span<const double> sums, Frames frames) { loudness_.add_hop(sums, frames); }
  void finish(SpectrumTransforms* transforms = nullptr);  ///< After the last block.
  /// Writes all but what SourceMeter does, and what follows from both: SourceMeter::fill() comes first.
  /// `levels`: of the same signal.
  void fill(Measure& measure, const LevelMeters& levels) const;

  const LoudnessMeter& loudness() const { return loudness_; }
  const StereoFieldMeter& stereo() const { return stereo_; }
  const std::optional<SpectrumMeter>& spectrum() const { return spectrum_; }

 private:
  MeasureOptions options_;
  bool has_stereo_;
  LoudnessMeter loudness_;
  TruePeakMeter true_peak_;
  StereoFieldMeter stereo_;
  std::optional<SpectrumMeter> spectrum_;
  /// Of the hops in hop_levels_, those of which samples are looked at, to `samples`.
  void unpack_looked_at(std::span<const std::byte> bytes, AudioView<float> samples, double ceiling);

  std::vector<HopLevels> hop_levels_;
};

}  // namespace gainstage
