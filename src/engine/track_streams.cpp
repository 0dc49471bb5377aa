// SPDX-License-Identifier: MIT
#include "engine/track_streams.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/source_reader.h"

namespace gainstage {

Result<std::vector<TrackSource>> open_sources(const Session& session, std::span<const std::size_t> tracks,
                                              Job& job) {
  allow_open_files(tracks.size());
  std::vector<std::optional<TrackSource>> opened(tracks.size());
  const auto all = job.try_each(tracks.size(), [&](std::size_t i) -> Result<void> {
    const Track& track = session.tracks[tracks[i]];
    Result<TrackSource> reader = TrackSource::open(session, track);
    if (!reader) {
      reader.error().where.track = track.name;
      return tl::unexpected(std::move(reader.error()));
    }
    opened[i] = std::move(*reader);
    return {};
  });
  if (!all) return tl::unexpected(all.error());
  std::vector<TrackSource> readers;
  readers.reserve(opened.size());
  for (std::optional<TrackSource>& reader : opened) readers.push_back(std::move(*reader));
  return readers;
}

Result<void> check_finite(const TrackSource& reader, const std::string& track, NonFinite non_finite) {
  if (non_finite == NonFinite::silence || reader.non_finite_samples() == 0) return {};
  return tl::unexpected(
      non_finite_error(track, reader.non_finite_samples(), reader.first_non_finite_s().value_or(0.0)));
}

Result<std::size_t> read_whole_block(TrackSource& reader, const std::string& track, NonFinite non_finite,
                                     AudioView<float> block) {
  std::size_t filled = 0;
  while (filled < block.frames) {
    Result<std::size_t> frames = reader.read(block.section(filled, block.frames - filled));
    if (!frames) {
      frames.error().where.track = track;
      return frames;
    }
    if (*frames == 0) break;
    filled += *frames;
  }
  if (auto finite = check_finite(reader, track, non_finite); !finite) return tl::unexpected(finite.error());
  return filled;
}

Result<TrackStreams> TrackStreams::open(const Session& session, std::span<const std::size_t> tracks,
                                        NonFinite non_finite, std::size_t max_block_frames, Job& job) {
  auto readers = open_sources(session, tracks, job);
  if (!readers) return tl::unexpected(readers.error());
  TrackStreams streams;
  streams.non_finite_ = non_finite;
  streams.max_block_frames_ = max_block_frames;
  streams.blocks_.resize(session.tracks.size());
  streams.streams_.reserve(tracks.size());
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const Track& track = session.tracks[tracks[i]];
    streams.streams_.push_back(
        {tracks[i], track.name, std::move((*readers)[i]), AudioBuffer(track.channels, max_block_frames)});
  }
  return streams;
}

Result<void> TrackStreams::read(Stream& stream) {
  const auto frames = read_whole_block(stream.reader, stream.name, non_finite_, stream.buffer.view());
  if (!frames) return tl::unexpected(frames.error());
  blocks_[stream.track] = std::as_const(stream.buffer).view(*frames);
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
