// SPDX-License-Identifier: MIT
#include "staging/hearing.h"

#include <algorithm>

#include "staging/roles.h"
#include "staging/tilt.h"

namespace gainstage {
namespace {

/// Share of the sample peak in the balance measure. Percussive tracks sit lower in a mix than their loudness
/// says, dense ones higher.
constexpr double peak_share = 0.2;

/// Priors are K-weighted loudnesses of a role's usual sound; of a sound with more lows than usual, mixers
/// take more. How much of the tilt that makes is tuned on nine sets of stems (docs/method.md).
constexpr double tilt_share_against_priors = 0.3;

/// A named synth or instrument with most of its energy under 120 Hz plays the bass.
constexpr double plays_bass_share = 0.6;

/// Without bass and kick, tracks with this much of their energy under 120 Hz are the low end.
constexpr double is_low_end_share = 0.4;

/// A stem called drums without lows is the rest of a kit.
constexpr double kit_low_share = 0.1;

bool is_pitched_instrument(Role role) {
  switch (info(role).family) {
    case Family::guitars:
    case Family::keys:
    case Family::synths:
      return true;
    default:
      return role == Role::other;
  }
}

/// What the sound adds to a role that the name has told.
void refine(RoleGuess& guess, const AudioFeatures& features) {
  if (guess.source == RoleSource::user) return;
  if (is_pitched_instrument(guess.role) && features.low_energy_share > plays_bass_share) {
    guess = {Role::bass, Band::low, 0.6, RoleSource::audio};
  }
}

/// A song without a bass or kick of its own has its low end in other tracks: a whole kit, a piano.
void find_low_end(std::vector<HeardTrack>& tracks, const Measurements& measurements) {
  const bool has_low_track = std::ranges::any_of(
      tracks, [](const HeardTrack& track) { return !track.is_silent && track.role.band == Band::low; });
  if (has_low_track) return;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].role.band == Band::effects) continue;
    if (measurements.tracks[i].features.low_energy_share > is_low_end_share) {
      tracks[i].role.band = Band::low;
    }
  }
}

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
    refine(track.role, measured.features);
    track.is_kit_without_lows =
        track.role.role == Role::drums && measured.features.low_energy_share < kit_low_share;
    const Db tilted = tilt(measured.features.spectrum);
    const double peak = peak_share * measured.clip.sample_peak.value;
    const double loudness = track.sounding.loudness.value;
    track.balance_measure = (1.0 - peak_share) * (loudness + tilted.value) + peak;
    track.measure_against_prior =
        (1.0 - peak_share) * (loudness + tilt_share_against_priors * tilted.value) + peak;
    heard.push_back(std::move(track));
  }
  find_low_end(heard, measurements);
  return heard;
}

Style style_of(const std::vector<HeardTrack>& tracks, Style asked) {
  if (asked != Style::automatic) return asked;
  int electronic = 0;
  int acoustic = 0;
  for (const HeardTrack& track : tracks) {
    if (track.is_silent) continue;
    switch (track.role.role) {
      case Role::sub:
      case Role::pad:
      case Role::synth:
      case Role::pluck:
        ++electronic;
        break;
      case Role::electric_guitar:
      case Role::acoustic_guitar:
      case Role::organ:
      case Role::toms:
      case Role::overheads:
      case Role::room:
        ++acoustic;
        break;
      default:
        break;
    }
  }
  return electronic > acoustic ? Style::pop : Style::rock;
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
