// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/loudness_gate.h"
#include "dsp/packed_samples.h"
#include "engine/channel_weights.h"
#include "engine/engine.h"
#include "engine/job.h"
#include "engine/loudness_over_time.h"
#include "engine/signal_meter.h"
#include "engine/source_reader.h"
#include "meters/k_weighting_filter.h"

namespace gainstage {
namespace {

std::vector<double> weights_of(const AudioFileInfo& info, const MeasureOptions& options) {
  if (options.is_dual_mono && info.channels() == 1) return {2.0};
  return channel_weights(info.layout);
}

/// Frames whose samples stay in a core's second cache: as many hops as run side by side, or some times more,
/// so that no lane of a vector is idle at the end of a block.
std::size_t cached_frames(const AudioFileInfo& info) {
  constexpr std::size_t samples = std::size_t{64} << 10;  // 256 KiB of floats.
  constexpr auto hops = static_cast<double>(KWeightingFilter::most_hops_together);
  const auto together = static_cast<std::size_t>(std::ceil(hops * info.sample_rate_hz / 100.0));
  return together * std::max<std::size_t>(1, samples / (together * info.channels()));
}

/// Of each file that a thread measures. Files side by side on two cores take 0.88 of the time that 512 KiB
/// would take.
constexpr std::size_t held_bytes = std::size_t{8} << 20;

struct Block {
  std::size_t frames = 0;
  std::span<const std::byte> hops;  ///< The whole ones, where they are not unpacked.
};

Result<Block> read_samples(SourceReader& reader, AudioBuffer& buffer) {
  return reader.read(buffer.view()).map([](std::size_t frames) { return Block{frames, {}}; });
}

/// Whole hops are left as they lie in the file; the rest of the block goes to `buffer`, in its place.
Result<Block> read_packed(SourceReader& reader, AudioBuffer& buffer, const SignalMeter& signal) {
  return reader.read_packed_stereo(buffer.frames()).map([&](std::span<const std::byte> bytes) {
    constexpr std::size_t frame_bytes = 2 * bytes_of(PackedSample::signed24);
    const std::size_t frames = bytes.size() / frame_bytes;
    const std::size_t whole = signal.whole_hops(frames);
    unpack(PackedSample::signed24, bytes.subspan(whole * frame_bytes),
           buffer.view().section(whole, frames - whole));
    return Block{frames, bytes.first(whole * frame_bytes)};
  });
}

Result<FileMeasurements> measured(Result<SourceReader> reader, const std::string& path,
                                  const MeasureOptions& options, const WorkOptions& work) {
  if (!reader) return tl::unexpected(std::move(reader.error()));
  reader->hold(held_bytes);
  const AudioFileInfo& info = reader->info();
  // Without spectrum and stereo field the meters take less time than to wake another thread: one does all, in
  // blocks that stay in its cache.
  const bool is_light = !options.with_spectrum && !options.with_stereo;
  WorkOptions sharing = work;
  if (is_light) sharing.threads = 1;
  Job job(sharing);
  const std::size_t most_frames = block_frames(info.sample_rate_hz, info.channels());
  AudioBuffer buffer(info.channels(), is_light ? std::min(most_frames, cached_frames(info)) : most_frames);
  SourceMeter source(info);
  SignalMeter signal(options, info.sample_rate_hz, weights_of(info, options),
                     options.with_spectrum ? std::optional(SpectrumDetail::bands) : std::nullopt);

  while (true) {
    // Channels that may be equal are compared sample by sample.
    const bool is_packed = is_light && reader->has_packed_stereo() && !source.is_dual_mono() &&
                           signal.whole_hops(buffer.frames()) > 0;
    const Result<Block> read =
        is_packed ? read_packed(*reader, buffer, signal) : read_samples(*reader, buffer);
    if (!read) return tl::unexpected(read.error());
    if (read->frames == 0) break;
    const AudioView<const float> block = std::as_const(buffer).view(read->frames);
    // The last block may end within a hop: what comes after the last whole one is metered part by part.
    const std::size_t whole = signal.whole_hops(read->frames);
    const AudioView<const float> hops = block.section(0, whole);
    const AudioView<const float> rest = block.section(whole, read->frames - whole);
    job.for_each(SignalMeter::parts + 1, [&](std::size_t part) {
      if (part == 0 && whole > 0) {
        const std::span<const std::byte> ahead = reader->ahead(read->frames);
        source.process(hops, is_packed ? signal.process_packed_hops(read->hops, buffer.view(whole),
                                                                    info.ceiling(), ahead)
                                       : signal.process_hops(hops, ahead));
      }
      const bool is_in_hops = part < 2 || part == SignalMeter::parts;
      if (is_in_hops && whole > 0) return;
      part < SignalMeter::parts ? signal.process(part, block) : source.process(block);
    });
    if (whole > 0 && rest.frames > 0) {
      signal.process(0, rest);
      signal.process(1, rest);
      source.process(rest);
    }
    const double expected = static_cast<double>(std::max<Frames>(1, info.frames));
    const Result<void> going = job.go_on("measuring", static_cast<double>(reader->frames_read()) / expected);
    if (!going) return tl::unexpected(going.error());
  }
  if (options.non_finite == NonFinite::refuse && reader->first_non_finite_s()) {
    return tl::unexpected(
        non_finite_error(path, reader->non_finite_samples(), *reader->first_non_finite_s()));
  }

  signal.finish();
  source.finish();
  FileMeasurements file;
  source.fill(file.measure, *reader);
  file.is_truncated = info.is_truncated || info.missing_frames > 0;
  file.missing_s = static_cast<double>(info.missing_frames) / info.sample_rate_hz;
  signal.fill(file.measure, source.levels());
  if (signal.spectrum()) {
    file.spectrum = signal.spectrum()->third_octaves();
    file.width = signal.spectrum()->widths();
  }
  if (options.with_history) {
    file.momentary_lufs = loudness_over_time(signal.loudness().hop_energies(), momentary_hops);
    file.short_term_lufs = loudness_over_time(signal.loudness().hop_energies(), short_term_hops);
    if (file.measure.stereo) {
      file.correlation.assign(signal.stereo().hop_correlations().begin(),
                              signal.stereo().hop_correlations().end());
      file.vectorscope.assign(signal.stereo().vectorscope().begin(), signal.stereo().vectorscope().end());
    }
  }
  return file;
}

}  // namespace

Result<FileMeasurements> measure_file(const std::string& path, const MeasureOptions& options,
                                      const WorkOptions& work) {
  return measured(SourceReader::open(path), path, options, work);
}

Result<FileMeasurements> measure_mix(const Session& session, const MeasureOptions& options,
                                     const WorkOptions& work) {
  return measured(SourceReader::open_mix(session), session.name, options, work);
}

}  // namespace gainstage
