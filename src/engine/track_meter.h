// SPDX-License-Identifier: MIT
// One track of a session while it is measured. Internal to the room.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "audio_file/resampled_reader.h"
#include "engine/decoded_samples.h"
#include "engine/engine.h"
#include "engine/predict/part_peaks.h"
#include "engine/signal_meter.h"
#include "engine/source_reader.h"
#include "meters/k_weighting_filter.h"
#include "session/session.h"
#include "staging/measurements.h"

namespace gainstage {

/// What a track needs while it is metered: room for a block, and transforms. One serves any number of tracks,
/// one after the other: nothing of a track stays in it.
struct TrackScratch {
  explicit TrackScratch(double sample_rate_hz) : transforms(sample_rate_hz) {}

  SpectrumTransforms transforms;
  AudioBuffer source;
  AudioBuffer resampled;
};

/// Reads a track block by block at the session's rate and meters it. What must come from the file's own
/// samples (clipping, sample peak, DC) is metered before resampling.
class TrackMeter {
 public:
  static Result<TrackMeter> open(const Session& session, const Track& track, const MeasureOptions& options,
                                 std::size_t max_block_frames, TrackScratch& scratch);

  /// From now on keeps the samples at the session's rate, where they must be decoded for them.
  void keep_in(DecodedSamples& decoded, const Session& session);

  /// Reads the next block and meters it, all on one thread: its samples are used while they are in the cache.
  Result<void> next(TrackScratch& scratch);

  /// From now on `peaks` gets what goes into the mix.
  void watch(PartPeaks& peaks) { peaks_ = &peaks; }

  std::size_t frames() const { return frames_; }  ///< Of the block; 0: the track has ended.
  /// K-weighted block; after next().
  AudioView<const float> k_weighted() const { return k_weighted_.view(frames_); }
  /// That block with what the filter rings on, as it does on the mix, after the track's end: up to `frames`
  /// long, and no longer than it rings.
  AudioView<const float> ring_on(std::size_t frames);

  /// An error for samples that are not finite, when they may not be.
  Result<TrackMeasurements> finish(TrackScratch& scratch);

 private:
  TrackMeter(const Session& session, const Track& track, const MeasureOptions& options, SourceReader reader,
             std::size_t max_block_frames, TrackScratch& scratch);

  Result<std::size_t> read_resampled(TrackScratch& scratch);
  /// K-weights and meters the block but for its spectrum; `source`: of the file's own rate.
  void measure(AudioView<const float> block, AudioView<const float> source);
  void end_hop(std::span<const double> sums, Frames frames);
  /// At the session's rate.
  const LevelMeters& levels() const {
    return resampled_levels_ ? *resampled_levels_ : source_meter_.levels();
  }

  const Track* track_;
  MeasureOptions options_;
  double rate_hz_;           ///< The session's.
  double rate_ratio_ = 1.0;  ///< Source's over the session's.
  SourceReader reader_;
  std::size_t max_source_frames_;             ///< Of any block.
  std::optional<ResampledReader> resampler_;  ///< Where rates differ: reads the same file a second time.
  Frames session_frames_ = 0;                 ///< Read at the session's rate.
  std::size_t frames_ = 0;
  std::size_t rung_ = 0;                  ///< Frames after the end that were filtered.
  PartPeaks* peaks_ = nullptr;            ///< What else wants the samples.
  DecodedSamples::Kept* kept_ = nullptr;  ///< Null: not kept.
  AudioBuffer k_weighted_;

  SourceMeter source_meter_;
  SignalMeter signal_meter_;
  std::optional<LevelMeters> resampled_levels_;
  KWeightingFilter k_weighting_;
  std::vector<HopLevels> hop_levels_;
  std::vector<double> mix_weights_;  ///< Of each source channel, by where it goes in the mix.
  static constexpr std::size_t hops_in_tenth = 10;
  std::size_t hops_ = 0;  ///< Of 10 ms, in the present tenth of a second.
  double tenth_energy_ = 0.0;
  Frames tenth_frames_ = 0;
  std::vector<double> hop_energies_;
};

}  // namespace gainstage
