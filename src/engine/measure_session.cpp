// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "engine/channel_weights.h"
#include "engine/engine.h"
#include "engine/gram_meter.h"
#include "engine/job.h"
#include "engine/pair_findings.h"
#include "engine/predict/hear_mix.h"
#include "engine/source_reader.h"
#include "engine/track_meter.h"

namespace gainstage {
namespace {

/// Frames of a block such that the K-weighted samples of all tracks stay small together: the sources' are
/// only there while their track is metered.
std::size_t joint_block_frames(const Session& session) {
  std::size_t channels = 0;
  for (const Track& track : session.tracks) channels += track.channels;
  return block_frames(session.sample_rate_hz, channels);
}

/// Lends scratch memory to whoever is at work: there is as much as threads, however many tracks there are.
class ScratchPool {
 public:
  explicit ScratchPool(double sample_rate_hz) : sample_rate_hz_(sample_rate_hz) {}

  template <typename Work>
  auto lend(const Work& work) {
    std::unique_ptr<TrackScratch> scratch = take();
    const auto give_back = [&] {
      const std::scoped_lock lock(mutex_);
      free_.push_back(std::move(scratch));
    };
    auto result = work(*scratch);
    give_back();
    return result;
  }

 private:
  std::unique_ptr<TrackScratch> take() {
    const std::scoped_lock lock(mutex_);
    if (free_.empty()) return std::make_unique<TrackScratch>(sample_rate_hz_);
    std::unique_ptr<TrackScratch> scratch = std::move(free_.back());
    free_.pop_back();
    return scratch;
  }

  double sample_rate_hz_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<TrackScratch>> free_;
};

Result<std::vector<TrackMeter>> open_tracks(const Session& session, const MeasureOptions& options,
                                            ScratchPool& scratch, Job& job) {
  allow_open_files(2 * session.tracks.size());
  const std::size_t frames = joint_block_frames(session);
  std::vector<std::optional<TrackMeter>> opened(session.tracks.size());
  const Result<void> all = job.try_each(opened.size(), [&](std::size_t i) -> Result<void> {
    Result<TrackMeter> meter = scratch.lend([&](TrackScratch& own) {
      return TrackMeter::open(session, session.tracks[i], options, frames, own);
    });
    if (!meter) {
      meter.error().where.track = session.tracks[i].name;
      return tl::unexpected(std::move(meter.error()));
    }
    opened[i] = std::move(*meter);
    return {};
  });
  if (!all) return tl::unexpected(all.error());
  std::vector<TrackMeter> meters;
  meters.reserve(opened.size());
  for (std::optional<TrackMeter>& meter : opened) {
    if (job.decoded() != nullptr) meter->keep_in(*job.decoded(), session);
    meters.push_back(std::move(*meter));
  }
  return meters;
}

}  // namespace

Result<Measurements> measure_session(const Session& session, const MeasureOptions& options,
                                     const WorkOptions& work) {
  return measure_session(session, MixListeners{}, options, work);
}

Result<Measurements> measure_session(const Session& session, MixListeners listeners,
                                     const MeasureOptions& options, const WorkOptions& work) {
  Job job(part_of(work, 0.0, 0.95));
  ScratchPool scratch(session.sample_rate_hz);
  Result<std::vector<TrackMeter>> meters = open_tracks(session, options, scratch, job);
  if (!meters) return tl::unexpected(std::move(meters.error()));
  const std::size_t count = meters->size();

  MixLoudness* const loudness = listeners.loudness;
  GramMeter gram(session, channel_weights(session), loudness ? loudness->hops_per_second() : 10.0);
  if (loudness) gram.on_hop([&](std::span<const double> means) { loudness->add_hop(means); });
  for (std::size_t i = 0; i < listeners.peaks.size(); ++i) (*meters)[i].watch(listeners.peaks[i]);
  std::vector<AudioView<const float>> k_weighted(count);
  std::vector<AudioView<const float>> ringing(loudness ? count : 0);
  const double expected_frames = session.duration_s() * session.sample_rate_hz;
  double frames_done = 0.0;
  while (true) {
    const Result<void> read = job.try_each(count, [&](std::size_t i) -> Result<void> {
      Result<void> done = scratch.lend([&](TrackScratch& own) { return (*meters)[i].next(own); });
      if (!done) done.error().where.track = session.tracks[i].name;
      return done;
    });
    if (!read) return tl::unexpected(read.error());
    std::size_t longest = 0;
    for (const TrackMeter& meter : *meters) longest = std::max(longest, meter.frames());
    if (longest == 0) break;
    job.for_each(ringing.size(), [&](std::size_t i) { ringing[i] = (*meters)[i].ring_on(longest); });
    for (std::size_t i = 0; i < count; ++i) k_weighted[i] = (*meters)[i].k_weighted();
    gram.add(k_weighted, job, ringing);
    frames_done += static_cast<double>(longest);
    const double share = expected_frames > 0.0 ? frames_done / expected_frames : 0.0;
    if (const Result<void> going = job.go_on("measuring the tracks", share); !going) {
      return tl::unexpected(going.error());
    }
  }

  Measurements measurements;
  measurements.covariance = gram.means();
  for (TrackMeter& meter : *meters) {
    Result<TrackMeasurements> track = scratch.lend([&](TrackScratch& own) { return meter.finish(own); });
    if (!track) return tl::unexpected(std::move(track.error()));
    measurements.tracks.push_back(std::move(*track));
  }
  meters->clear();
  Result<std::vector<PairFinding>> pairs = find_pairs(session, measurements, part_of(work, 0.95, 1.0));
  if (!pairs) return tl::unexpected(std::move(pairs.error()));
  measurements.pairs = std::move(*pairs);
  return measurements;
}

}  // namespace gainstage
