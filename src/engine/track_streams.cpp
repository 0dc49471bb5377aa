// SPDX-License-Identifier: MIT
#include "engine/track_streams.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/source_reader.h"

namespace gainstage {

Result<TrackStreams> TrackStreams::open(const Session& session, std::span<const std::size_t> tracks,
                                        NonFinite non_finite, std::size_t max_block_frames, Job& job) {
  allow_open_files(tracks.size());
  std::vector<std::optional<ResampledReader>> readers(tracks.size());
  const auto opened = job.try_each(tracks.size(), [&](std::size_t i) -> Result<void> {
    const Track& track = session.tracks[tracks[i]];
    Result<ResampledReader> reader =
        ResampledReader::open(track.source_path, session.sample_rate_hz, track.channels);
    if (!reader) {
      reader.error().where.track = track.name;
      return tl::unexpected(std::move(reader.error()));
    }
    readers[i] = std::move(*reader);
    return {};
  });
  if (!opened) return tl::unexpected(opened.error());

  TrackStreams streams;
  streams.non_finite_ = non_finite;
  streams.max_block_frames_ = max_block_frames;
  streams.blocks_.resize(session.tracks.size());
  streams.streams_.reserve(tracks.size());
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const Track& track = session.tracks[tracks[i]];
    streams.streams_.push_back({tracks[i], track.name, std::move(*readers[i]),
                                AudioBuffer(track.channels, streams.max_block_frames_)});
  }
  return streams;
}

Result<void> TrackStreams::read(Stream& stream) {
  const AudioView<float> whole = stream.buffer.view();
  std::size_t filled = 0;
  while (filled < whole.frames && !stream.has_ended) {
    Result<std::size_t> frames = stream.reader.read(whole.section(filled, whole.frames - filled));
    if (!frames) {
      frames.error().where.track = stream.name;
      return tl::unexpected(std::move(frames.error()));
    }
    stream.has_ended = *frames == 0;
    filled += *frames;
  }
  if (non_finite_ == NonFinite::refuse && stream.reader.non_finite_samples() > 0) {
    return tl::unexpected(non_finite_error(stream.name, stream.reader.non_finite_samples(),
                                           stream.reader.first_non_finite_s().value_or(0.0)));
  }
  blocks_[stream.track] = std::as_const(stream.buffer).view(filled);
  return {};
}

Result<std::size_t> TrackStreams::read(Job& job) {
  const auto done = job.try_each(streams_.size(), [&](std::size_t i) { return read(streams_[i]); });
  if (!done) return tl::unexpected(done.error());
  std::size_t longest = 0;
  for (const AudioView<const float>& block : blocks_) longest = std::max(longest, block.frames);
  return longest;
}

}  // namespace gainstage
