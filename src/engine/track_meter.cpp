// SPDX-License-Identifier: MIT
#include "engine/track_meter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/channel_weights.h"

namespace gainstage {
namespace {

/// How much the energy of each source channel counts in the mix.
std::vector<double> mix_weights(const Session& session, const Track& track) {
  const std::vector<double> of_mix = channel_weights(session);
  std::vector<double> weights(track.channels, 0.0);
  for (std::size_t c = 0; c < of_mix.size(); ++c) {
    if (const auto source = track.source_channel(c)) weights[*source] += of_mix[c];
  }
  return weights;
}

AudioFeatures features(const SpectrumMeter& spectrum) {
  const AudioFeatureCollector::Features heard = spectrum.features();
  return {heard.low_energy_share,  heard.median_frequency_hz, heard.centroid_hz,       heard.flatness,
          heard.onsets_per_second, heard.harmonicity,         spectrum.third_octaves()};
}

/// Room for `channels` x `frames` in `buffer`, of which the channels are handed out.
AudioView<float> room_in(AudioBuffer& buffer, std::size_t channels, std::size_t frames) {
  if (buffer.channels() < channels || buffer.frames() < frames) {
    buffer = AudioBuffer(std::max(buffer.channels(), channels), std::max(buffer.frames(), frames));
  }
  const AudioView<float> all = buffer.view(frames);
  return {all.channels.first(channels), all.first, all.frames};
}

}  // namespace

TrackMeter::TrackMeter(const Session& session, const Track& track, const MeasureOptions& options,
                       SourceReader reader, std::size_t max_block_frames, TrackScratch& scratch)
    : track_(&track),
      options_(options),
      rate_hz_(session.sample_rate_hz),
      rate_ratio_(reader.info().sample_rate_hz / session.sample_rate_hz),
      reader_(std::move(reader)),
      max_source_frames_(
          static_cast<std::size_t>(std::ceil(static_cast<double>(max_block_frames) * rate_ratio_) + 1.0)),
      k_weighted_(track.channels, max_block_frames),
      source_meter_(reader_.info()),
      signal_meter_(options, session.sample_rate_hz, channel_weights(reader_.info().layout),
                    SpectrumDetail::track, &scratch.transforms),
      mix_weights_(mix_weights(session, track)) {
  const Format format{session.sample_rate_hz, track.channels, max_block_frames};
  k_weighting_.prepare(format);
}

Result<TrackMeter> TrackMeter::open(const Session& session, const Track& track, const MeasureOptions& options,
                                    std::size_t max_block_frames, TrackScratch& scratch) {
  Result<SourceReader> reader = SourceReader::open(session, track);
  if (!reader) return tl::unexpected(std::move(reader.error()));
  if (reader->info().channels() != track.channels) {
    return failure(
        ErrorCode::bad_input,
        "The file has another channel count than when the session was read. Do not change stems while they "
        "are staged.",
        {track.source_path, track.name, {}, {}});
  }
  TrackMeter meter(session, track, options, std::move(*reader), max_block_frames, scratch);
  if (meter.rate_ratio_ != 1.0) {
    Result<ResampledReader> resampler =
        ResampledReader::open(track.source_path, session.sample_rate_hz, track.channels);
    if (!resampler) return tl::unexpected(std::move(resampler.error()));
    meter.resampler_ = std::move(*resampler);
    meter.resampled_levels_.emplace();
    meter.resampled_levels_->prepare({session.sample_rate_hz, track.channels, max_block_frames});
  }
  return meter;
}

void TrackMeter::keep_in(DecodedSamples& decoded, const Session& session) {
  if (resampler_ || !reader_.is_plain()) kept_ = decoded.make_room(session, *track_);
}

/// Reads the next block at the session's rate; returns how far the source is to be read for it: as far in
/// time as the session's frames, and all that is left after the last of them.
Result<std::size_t> TrackMeter::read_resampled(TrackScratch& scratch) {
  const AudioView<float> room = room_in(scratch.resampled, track_->channels, k_weighted_.frames());
  frames_ = 0;
  while (frames_ < room.frames) {
    const Result<std::size_t> got = resampler_->read(room.section(frames_, room.frames - frames_));
    if (!got) return got;
    if (*got == 0) break;
    frames_ += *got;
  }
  session_frames_ += static_cast<Frames>(frames_);
  if (frames_ == 0) return max_source_frames_;
  const auto until = std::llround(static_cast<double>(session_frames_) * rate_ratio_);
  return std::min(static_cast<std::size_t>(std::max<long long>(0, until - reader_.frames_read())),
                  max_source_frames_);
}

Result<void> TrackMeter::next(TrackScratch& scratch) {
  std::size_t wanted = k_weighted_.frames();
  if (resampler_) {
    const Result<std::size_t> frames = read_resampled(scratch);
    if (!frames) return tl::unexpected(frames.error());
    wanted = *frames;
  }
  const AudioView<float> room = room_in(scratch.source, track_->channels, max_source_frames_);
  const Result<std::size_t> got = reader_.read(room.section(0, wanted));
  if (!got) return tl::unexpected(got.error());
  const AudioView<const float> source = room.section(0, *got);
  if (!resampler_) frames_ = *got;
  const AudioView<const float> block =
      resampler_ ? room_in(scratch.resampled, track_->channels, frames_) : source;

  if (kept_ != nullptr) kept_->append(block);
  if (peaks_ != nullptr) peaks_->process(block);
  measure(block, source);
  signal_meter_.find_spectrum(block, hop_levels_, scratch.transforms);
  signal_meter_.find_stereo_field(block);
  return {};
}

void TrackMeter::measure(AudioView<const float> block, AudioView<const float> source) {
  const auto on_hop = [this](std::span<const double> sums, Frames frames) { end_hop(sums, frames); };
  // The last block may end within a hop: what comes after the last whole one is metered by itself.
  const std::size_t hop = k_weighting_.frames_in_hop();
  const std::size_t whole = k_weighting_.has_levels() ? frames_ - frames_ % hop : 0;
  const std::size_t rest = frames_ - whole;
  const AudioView<float> k_weighted = k_weighted_.view(frames_);
  hop_levels_.resize(whole / hop * block.channels.size());
  LevelMeters& levels = resampled_levels_ ? *resampled_levels_ : source_meter_.levels();
  if (whole > 0) {
    const AudioView<const float> hops = block.section(0, whole);
    k_weighting_.process(hops, k_weighted.section(0, whole), hop_levels_, on_hop);
    signal_meter_.find_true_peak(hops, hop_levels_);
    levels.process(hops, hop_levels_);
  }
  if (rest > 0) {
    const AudioView<const float> after = block.section(whole, rest);
    k_weighting_.process(after, k_weighted.section(whole, rest), on_hop);
    signal_meter_.process(1, after);
    levels.process(after);
  }
  if (resampled_levels_) {
    source_meter_.process(source);
  } else {
    source_meter_.compare(source);
  }
}

void TrackMeter::end_hop(std::span<const double> sums, Frames frames) {
  signal_meter_.add_k_weighted_hop(sums, frames);
  for (std::size_t c = 0; c < mix_weights_.size(); ++c) tenth_energy_ += mix_weights_[c] * sums[c];
  tenth_frames_ += frames;
  if (++hops_ < hops_in_tenth) return;
  hop_energies_.push_back(tenth_energy_ / static_cast<double>(tenth_frames_));
  hops_ = 0;
  tenth_energy_ = 0.0;
  tenth_frames_ = 0;
}

AudioView<const float> TrackMeter::ring_on(std::size_t frames) {
  // The weighting's slowest part, at 38 Hz, is 500 dB down by then.
  const auto most = static_cast<std::size_t>(0.5 * rate_hz_);
  if (frames <= frames_ || rung_ >= most) return k_weighted();
  const AudioView<float> rest = k_weighted_.view(frames).section(frames_, frames - frames_);
  for (std::size_t c = 0; c < rest.channels.size(); ++c) std::ranges::fill(rest.channel(c), 0.0f);
  k_weighting_.process(AudioView<const float>{rest.channels, rest.first, rest.frames}, rest);
  rung_ += rest.frames;
  return k_weighted_.view(frames);
}

Result<TrackMeasurements> TrackMeter::finish(TrackScratch& scratch) {
  if (options_.non_finite == NonFinite::refuse && reader_.first_non_finite_s()) {
    return tl::unexpected(
        non_finite_error(track_->name, reader_.non_finite_samples(), *reader_.first_non_finite_s()));
  }
  if (kept_ != nullptr) kept_->finish();
  signal_meter_.finish(&scratch.transforms);
  source_meter_.finish();
  if (resampled_levels_) resampled_levels_->finish();
  TrackMeasurements track;
  source_meter_.fill(track.clip, reader_);
  signal_meter_.fill(track.clip, levels());
  if (track_->strip) track.clip.clipping = {};  // A desk's sums are not clipped at 0 dBFS.
  track.hop_energies = std::move(hop_energies_);
  const std::span<const float> needles = levels().vu().hop_needles();
  track.hop_vu.assign(needles.begin(), needles.end());
  const std::span<const float> peaks = levels().sample_peak().hop_peaks();
  track.hop_peaks.assign(peaks.begin(), peaks.end());
  const SpectrumMeter& spectrum = *signal_meter_.spectrum();
  track.erb_frames.assign(spectrum.erb_frames().begin(), spectrum.erb_frames().end());
  track.features = features(spectrum);
  track.is_dual_mono = !track_->strip && source_meter_.is_dual_mono();
  track.is_one_sided = !track_->strip && source_meter_.is_one_sided();
  return track;
}

}  // namespace gainstage
