// SPDX-License-Identifier: MIT
#include "engine/mix_blocks.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/source_reader.h"

namespace gainstage {

MixBlocks::MixBlocks(TrackStreams streams, const Session& session)
    : streams_(std::move(streams)),
      sums_(session.channels, streams_.max_block_frames()),
      expected_frames_(session.duration_s() * session.sample_rate_hz) {}

Result<MixBlocks> MixBlocks::open(const Session& session, std::size_t steps, NonFinite non_finite, Job& job) {
  std::vector<std::size_t> tracks(session.tracks.size());
  std::iota(tracks.begin(), tracks.end(), std::size_t{0});
  // Sources, double-precision sums and the steps' mixes.
  std::size_t channels = (2 + steps) * session.channels;
  for (const Track& track : session.tracks) channels += track.channels;
  Result<TrackStreams> streams =
      TrackStreams::open(session, tracks, non_finite, block_frames(session.sample_rate_hz, channels), job);
  if (!streams) return tl::unexpected(std::move(streams.error()));
  return MixBlocks(std::move(*streams), session);
}

Result<std::size_t> MixBlocks::next(std::span<const std::vector<MixOperation>> steps,
                                    std::span<AudioBuffer> mixes, Job& job) {
  const Result<std::size_t> frames = streams_.read(job);
  if (!frames) return frames;
  // Sums of a tile stay in the nearest cache while all tracks are added to them.
  constexpr std::size_t tile_frames = 1024;
  const std::size_t tiles = (*frames + tile_frames - 1) / tile_frames;
  job.for_each(tiles, [&](std::size_t tile) {
    const std::size_t first = tile * tile_frames;
    const std::size_t count = std::min(tile_frames, *frames - first);
    sums_.clear(first, count);
    for (std::size_t step = 0; step < steps.size(); ++step) {
      sums_.add(steps[step], streams_.blocks(), first, count);
      sums_.store(mixes[step].view(), first, count);
    }
  });
  frames_done_ += static_cast<Frames>(*frames);
  return frames;
}

double MixBlocks::share_done() const {
  return expected_frames_ > 0.0 ? std::min(1.0, static_cast<double>(frames_done_) / expected_frames_) : 0.0;
}

}  // namespace gainstage
