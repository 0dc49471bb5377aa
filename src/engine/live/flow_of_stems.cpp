// SPDX-License-Identifier: MIT
#include <cmath>
#include <utility>

#include "engine/live/live_desk.h"

namespace gainstage {

Session flow_of_stems(const Session& stems) {
  Session session = stems;
  SignalFlow flow;
  flow.format = "stems";
  flow.name = stems.name;
  flow.sample_rate_hz = stems.sample_rate_hz;
  flow.length_s = stems.duration_s();
  flow.master = stems.tracks.size();
  for (std::size_t i = 0; i < stems.tracks.size(); ++i) {
    const Track& stem = stems.tracks[i];
    const double length_s = static_cast<double>(stem.source_frames) / stem.source_rate_hz;
    flow.sources.push_back({.name = stem.name,
                            .path = stem.source_path,
                            .found_path = stem.source_path,
                            .channels = stem.channels,
                            .sample_rate_hz = stem.source_rate_hz,
                            .frames = stem.source_frames});
    Strip strip{.id = stem.name, .name = stem.name, .kind = StripKind::track, .channels = stem.channels};
    strip.clips.push_back({.name = stem.name, .sources = {i}, .source_channels = {}, .length_s = length_s});
    Output& output = strip.outputs.emplace_back();
    output.to = flow.master;
    if (stem.channels != 1) output.channels = stem.mix_channels;
    flow.strips.push_back(std::move(strip));

    Track& track = session.tracks[i];
    track.source_path.clear();
    track.source_rate_hz = stems.sample_rate_hz;
    track.source_frames = std::llround(length_s * stems.sample_rate_hz);
    track.channels = stems.channels;
    track.mix_channels.clear();
    track.strip = i;
  }
  flow.strips.push_back(
      {.id = "master", .name = "Master", .kind = StripKind::master, .channels = stems.channels});
  session.flow = std::move(flow);
  return session;
}

}  // namespace gainstage
