// SPDX-License-Identifier: MIT
#include "staging/hearing.h"

#include <algorithm>

#include "staging/roles.h"
#include "staging/tilt.h"

namespace gainstage {
namespace {

/// Share of the sample peak in the balance measure. Percussive tracks sit lower in a mix than their loudness
/// says, dense ones higher.
constexpr double peak_share = 0.35;

std::optional<Role> users_role(const StagingOptions& options, const std::string& track) {
  const auto found = options.roles.find(track);
  return found == options.roles.end() ? std::nullopt : std::optional<Role>(found->second);
}

}  // namespace

std::vector<HeardTrack> hear(const Session& session, const Measurements& measurements,
                             const StagingOptions& options) {
  std::vector<HeardTrack> heard;
  for (std::size_t i = 0; i < session.tracks.size(); ++i) {
    const TrackMeasurements& measured = measurements.tracks[i];
    HeardTrack track;
    track.is_silent = is_silent(measured);
    track.is_focus = options.focus == session.tracks[i].name;
    track.sounding_hops = sounding_hops(measured.hop_energies);
    track.sounding = loudness_while_sounding(measured);
    track.vu_while_sounding = mean_vu_while_sounding(measured);
    track.crest_while_sounding = measured.clip.sample_peak - track.vu_while_sounding;
    track.role = guess_role(session.tracks[i].name, measured.features, track.crest_while_sounding,
                            users_role(options, session.tracks[i].name));
    const Lufs tilted = track.sounding.loudness + tilt(measured.features.spectrum);
    track.balance_measure = (1.0 - peak_share) * tilted.value + peak_share * measured.clip.sample_peak.value;
    heard.push_back(std::move(track));
  }
  return heard;
}

double mean_company(const std::vector<HeardTrack>& tracks, std::size_t i) {
  const auto& own = tracks[i].sounding_hops;
  double together = 0.0;
  double alone = 0.0;
  for (std::size_t hop = 0; hop < own.size(); ++hop) {
    if (!own[hop]) continue;
    alone += 1.0;
    for (const HeardTrack& other : tracks) {
      if (other.is_silent || other.role.role != tracks[i].role.role) continue;
      if (hop < other.sounding_hops.size() && other.sounding_hops[hop]) together += 1.0;
    }
  }
  return alone > 0.0 ? std::max(1.0, together / alone) : 1.0;
}

}  // namespace gainstage
