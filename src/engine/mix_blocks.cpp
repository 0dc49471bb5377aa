// SPDX-License-Identifier: MIT
#include "engine/mix_blocks.h"

#include <algorithm>
#include <utility>

#include "engine/source_reader.h"

namespace gainstage {

MixBlocks::MixBlocks(MixSources sources, const Session& session, std::vector<std::vector<MixOperation>> steps)
    : sources_(std::move(sources)),
      steps_(std::move(steps)),
      sums_(session.channels, sources_.max_block_frames()),
      expected_frames_(session.duration_s() * session.sample_rate_hz) {}

Result<MixBlocks> MixBlocks::open(const Session& session, std::vector<std::vector<MixOperation>> steps,
                                  NonFinite non_finite, Job& job) {
  // Sources, double-precision sums and the steps' mixes.
  std::size_t channels = (2 + steps.size()) * session.channels;
  for (const Track& track : session.tracks) channels += track.channels;
  std::vector<bool> is_heard(session.tracks.size());
  for (const std::vector<MixOperation>& step : steps) {
    for (const MixOperation& operation : step) is_heard[operation.track] = true;
  }
  Result<MixSources> sources =
      MixSources::open(session, is_heard, non_finite, block_frames(session.sample_rate_hz, channels), job);
  if (!sources) return tl::unexpected(std::move(sources.error()));
  return MixBlocks(std::move(*sources), session, std::move(steps));
}

Result<std::size_t> MixBlocks::next(std::span<AudioBuffer> mixes, Job& job) {
  const Result<std::size_t> frames = sources_.read(job);
  if (!frames) return frames;
  // Sums of a tile stay in the second cache while all tracks are added to them.
  constexpr std::size_t most_tile_frames = 4096;
  const std::size_t tiles = (*frames + most_tile_frames - 1) / most_tile_frames;
  job.for_each(tiles, [&](std::size_t tile) {
    const std::size_t first = tile * *frames / tiles;
    const std::size_t count = (tile + 1) * *frames / tiles - first;
    sums_.clear(first, count);
    for (std::size_t step = 0; step < steps_.size(); ++step) {
      sums_.add(steps_[step], sources_.blocks(), first, count);
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
