// SPDX-License-Identifier: MIT
#include "engine/predict/hear_mix.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "engine/channel_weights.h"
#include "engine/gram_meter.h"
#include "engine/job.h"
#include "engine/source_reader.h"
#include "engine/track_streams.h"
#include "meters/k_weighting_filter.h"

namespace gainstage {

Result<void> hear_mix(const Session& session, MixListeners listeners, const MeasureOptions& options,
                      const WorkOptions& work) {
  Job job(work);
  const std::size_t count = session.tracks.size();
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::size_t> channels;
  for (const Track& track : session.tracks) channels.push_back(track.channels);
  // Sources and what is filtered.
  const std::size_t buffers = 2 * std::accumulate(channels.begin(), channels.end(), std::size_t{0});
  Result<TrackStreams> streams = TrackStreams::open(session, all, options.non_finite,
                                                    block_frames(session.sample_rate_hz, buffers), job);
  if (!streams) return tl::unexpected(std::move(streams.error()));

  const double rate_hz = session.sample_rate_hz;
  GramMeter gram(session, channel_weights(session), listeners.loudness->hops_per_second(),
                 [&](std::span<const double> means) { listeners.loudness->add_hop(means); });
  std::vector<KWeightingFilter> filters(count);
  std::vector<AudioBuffer> filtered;
  for (std::size_t i = 0; i < count; ++i) {
    filters[i].prepare({rate_hz, channels[i], streams->max_block_frames()});
    filtered.emplace_back(channels[i], streams->max_block_frames());
  }
  std::map<std::size_t, AudioBuffer> silence;  // By channel count.
  for (const std::size_t channel_count : channels) {
    silence.try_emplace(channel_count, channel_count, streams->max_block_frames());
  }
  std::vector<AudioView<const float>> blocks(count);
  const double expected_frames = session.duration_s() * rate_hz;
  double done = 0.0;
  while (true) {
    const Result<std::size_t> frames = streams->read(job);
    if (!frames) return tl::unexpected(frames.error());
    if (*frames == 0) break;
    job.for_each(count, [&](std::size_t i) {
      // The filter rings on after a track's end, as it does on the mix.
      const AudioView<const float> source = streams->blocks()[i];
      const std::size_t sounding = source.frames;
      if (sounding > 0 && !listeners.peaks.empty()) listeners.peaks[i].process(source);
      const AudioView<float> out = filtered[i].view(*frames);
      if (sounding > 0) filters[i].process(source, out.section(0, sounding));
      const std::size_t rest = *frames - sounding;
      filters[i].process(silence.at(channels[i]).view(rest), out.section(sounding, rest));
      blocks[i] = out;
    });
    gram.add(blocks, job);
    done += static_cast<double>(*frames);
    const Result<void> going = job.go_on("measuring the tracks", std::min(1.0, done / expected_frames));
    if (!going) return tl::unexpected(going.error());
  }
  return {};
}

}  // namespace gainstage
