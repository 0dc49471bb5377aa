// SPDX-License-Identifier: MIT
#include "engine/predict/heard_desk.h"

#include <utility>
#include <vector>

#include "engine/job.h"
#include "engine/predict/hear_mix.h"

namespace gainstage {
namespace {

/// Whether each track takes one way, so that the parts are the tracks.
bool are_the_tracks(const Session& session, const DeskParts& parts) {
  if (parts.parts.size() != session.tracks.size()) return false;
  for (std::size_t i = 0; i < parts.parts.size(); ++i) {
    if (parts.parts[i].track != i) return false;
  }
  return true;
}

}  // namespace

Result<HeardDesk> hear_desk(const Session& session, const DeskParts& parts, std::size_t most_bytes,
                            const MeasureOptions& options, const WorkOptions& work) {
  const Session& heard = parts.session;
  const std::size_t count = heard.tracks.size();
  MixLoudness loudness(count, MixLoudness::finest(count, heard.duration_s(), most_bytes));
  std::vector<PartPeaks> peaks;
  for (const Track& track : heard.tracks)
    peaks.emplace_back(options.true_peak, heard.sample_rate_hz, track.channels);
  const MixListeners listeners{&loudness, peaks};
  const bool is_one_reading = are_the_tracks(session, parts);
  auto measurements = is_one_reading ? measure_session(heard, listeners, options, work)
                                     : measure_session(session, options, part_of(work, 0.0, 0.5));
  if (!measurements) return tl::unexpected(std::move(measurements.error()));
  if (!is_one_reading && count > 0) {
    if (auto done = hear_mix(heard, listeners, options, part_of(work, 0.5, 1.0)); !done)
      return tl::unexpected(done.error());
  }
  std::vector<std::vector<float>> hop_peaks;
  for (PartPeaks& part : peaks) hop_peaks.push_back(part.finish());
  return HeardDesk{*std::move(measurements), std::move(loudness), MixPeaks(std::move(hop_peaks))};
}

}  // namespace gainstage
