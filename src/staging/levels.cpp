// SPDX-License-Identifier: MIT
#include "staging/levels.h"

#include <algorithm>
#include <cmath>

#include "base/loudness_gate.h"
#include "staging/priors.h"

namespace gainstage {
namespace {

/// What the user wants to be heard stands 3 dB over its usual place (De Man & Reiss 2013: the default boost).
constexpr Db focus_boost{3.0};
constexpr double user_sigma_db = 4.0;

/// Mean over the tracks that sound.
template <typename Value>
double mean_over_sounding(const std::vector<HeardTrack>& tracks, Value value) {
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (!tracks[i].is_silent) sum += value(i), count += 1.0;
  }
  return count > 0.0 ? sum / count : 0.0;
}

/// The role whose prior counts. Music beside speech is a bed under it, beside singing it is the band; drums
/// without lows are the rest of a kit.
Role role_in_company(const std::vector<HeardTrack>& tracks, std::size_t i) {
  if (tracks[i].is_kit_without_lows) return Role::overheads;
  if (tracks[i].role.role != Role::accompaniment) return tracks[i].role.role;
  const bool has_speech = std::any_of(tracks.begin(), tracks.end(), [](const HeardTrack& track) {
    return !track.is_silent && track.role.role == Role::dialogue;
  });
  return has_speech ? Role::music_bed : Role::accompaniment;
}

/// Two opinions on the level of a track, each free of a common constant: the prior of its role, and standing
/// out as much as every other track. The prior counts by its trust.
void follow_priors(const std::vector<HeardTrack>& tracks, const StagingOptions& options,
                   std::vector<WantedLevel>& wanted) {
  std::vector<double> by_role(tracks.size());
  std::vector<double> equally_prominent(tracks.size());
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    const Prior role_prior = prior(role_in_company(tracks, i), options.style);
    wanted[i].trust = trust(role_prior, tracks[i].role.confidence);
    wanted[i].company = mean_company(tracks, i);
    by_role[i] = role_prior.level_lu - 10.0 * std::log10(wanted[i].company) - tracks[i].measure_against_prior;
    equally_prominent[i] = -tracks[i].balance_measure;
  }
  const double role_mean = mean_over_sounding(tracks, [&](std::size_t i) { return by_role[i]; });
  const double equal_mean = mean_over_sounding(tracks, [&](std::size_t i) { return equally_prominent[i]; });
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    const double w = wanted[i].trust;
    wanted[i].gain = {w * (by_role[i] - role_mean) + (1.0 - w) * (equally_prominent[i] - equal_mean)};
    if (tracks[i].is_focus) wanted[i].gain += focus_boost;
  }
}

/// Microphones of one source hear each other: a track's part of the mix is g_i (C g)_i, not g_i^2 C_ii. What
/// others of its family carry of its sound is taken off its gain, by fixed-point iteration on the covariance.
void account_for_bleed(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                       std::vector<WantedLevel>& wanted) {
  constexpr int iterations = 30;
  std::vector<Db> taken_off(tracks.size());
  for (int round = 0; round < iterations; ++round) {
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      const double own = measurements.covariance_of(i, i);
      if (tracks[i].is_silent || own <= 0.0) continue;
      double carried = 1.0;
      for (std::size_t j = 0; j < tracks.size(); ++j) {
        if (j == i || tracks[j].is_silent ||
            info(tracks[j].role.role).family != info(tracks[i].role.role).family)
          continue;
        const Db difference = (wanted[j].gain - taken_off[j]) - (wanted[i].gain - taken_off[i]);
        carried += std::max(0.0, measurements.covariance_of(i, j)) * to_ratio(difference) / own;
      }
      // Half of the way in dB, so that two equal tracks settle instead of swapping places.
      taken_off[i] = 0.5 * (taken_off[i] + power_to_db(carried));
    }
  }
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    wanted[i].shared_sound = taken_off[i];
    wanted[i].gain = wanted[i].gain - taken_off[i];
  }
}

/// The user's rough mix as evidence (maximum a posteriori): a track that the method is unsure of stays nearer
/// to it.
void keep_users_levels(const std::vector<HeardTrack>& tracks, const StagingOptions& options,
                       std::vector<WantedLevel>& wanted) {
  const double keep = options.keep_levels_percent / 100.0;
  if (keep <= 0.0) return;
  const double mean = mean_over_sounding(tracks, [&](std::size_t i) { return wanted[i].gain.value; });
  const double user_variance = user_sigma_db * user_sigma_db * (1.0 - keep) / keep;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    const double sigma = prior(tracks[i].role.role, options.style).sigma_lu;
    const double users_share = sigma * sigma / (sigma * sigma + user_variance);
    wanted[i].gain = {(1.0 - users_share) * wanted[i].gain.value + users_share * mean};
  }
}

}  // namespace

std::vector<WantedLevel> wanted_levels(const std::vector<HeardTrack>& tracks,
                                       const Measurements& measurements, const StagingOptions& options) {
  std::vector<WantedLevel> wanted(tracks.size());
  follow_priors(tracks, options, wanted);
  account_for_bleed(tracks, measurements, wanted);
  keep_users_levels(tracks, options, wanted);
  return wanted;
}

Lufs loudness_together(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                       const std::vector<Db>& gains) {
  std::vector<double> hops;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    const auto& own = measurements.tracks[i].hop_energies;
    if (hops.size() < own.size()) hops.resize(own.size(), 0.0);
    for (std::size_t hop = 0; hop < own.size(); ++hop) hops[hop] += to_power_ratio(gains[i]) * own[hop];
  }
  const double loudest = hops.empty() ? 0.0 : *std::max_element(hops.begin(), hops.end());
  if (loudest <= 0.0) return {};
  // At a usual level, so that BS.1770's absolute gate, the one thing that is not relative, cuts nothing off.
  const Db to_usual_level = Lufs{-23.0} - to_lufs(loudest);
  return integrated_loudness(hops, to_usual_level) - to_usual_level;
}

}  // namespace gainstage
