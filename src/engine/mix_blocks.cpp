// SPDX-License-Identifier: MIT
#include "engine/mix_blocks.h"

#include <algorithm>
#include <utility>

namespace gainstage {
namespace {

constexpr std::size_t least_frames = 4096;  ///< Worth a thread's while.

}  // namespace

MixBlocks::MixBlocks(MixSources sources, const Session& session, std::vector<std::vector<MixOperation>> steps)
    : sources_(std::move(sources)),
      steps_(std::move(steps)),
      sums_(session.channels, sources_.max_block_frames()),
      expected_frames_(session.duration_s() * session.sample_rate_hz) {}

Result<MixBlocks> MixBlocks::open(const Session& session, std::vector<std::vector<MixOperation>> steps,
                                  NonFinite non_finite, Job& job) {
  // Double-precision sums and the steps' mixes.
  const std::size_t channels = (2 + steps.size()) * session.channels;
  std::vector<bool> is_heard(session.tracks.size());
  for (const std::vector<MixOperation>& step : steps) {
    for (const MixOperation& operation : step) is_heard[operation.track] = true;
  }
  Result<MixSources> sources = MixSources::open(session, is_heard, non_finite, channels, job);
  if (!sources) return tl::unexpected(std::move(sources.error()));
  return MixBlocks(std::move(*sources), session, std::move(steps));
}

Result<std::size_t> MixBlocks::next(std::span<AudioBuffer> mixes, Job& job,
                                    const std::function<void()>& meanwhile) {
  const Result<std::size_t> frames = sources_.read(job);
  if (!frames || *frames == 0) return frames;
  // A thread keeps to one stretch of every file, so that no two want the same pages, and takes a few files at
  // a time, so that no more pages than theirs are there.
  const std::size_t stretches = std::min(2 * job.threads(), (*frames + least_frames - 1) / least_frames);
  const std::size_t others = meanwhile ? 1 : 0;
  job.for_each(others + stretches, [&](std::size_t piece) {
    if (piece < others) return meanwhile();
    const std::size_t stretch = piece - others;
    const std::size_t first = stretch * *frames / stretches;
    const std::size_t count = (stretch + 1) * *frames / stretches - first;
    sums_.clear(first, count);
    for (std::size_t step = 0; step < steps_.size(); ++step) {
      std::span<const MixOperation> left = steps_[step];
      while (!left.empty()) {
        const auto some = left.first(std::min(left.size(), MixSums::most_together));
        left = left.subspan(some.size());
        sums_.add(some, sources_.blocks(), first, count);
        sources_.let_go(some, first, count);
      }
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
