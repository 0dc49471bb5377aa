// SPDX-License-Identifier: MIT
// All faders down; then each track at its right level relative to the others.
#include <algorithm>
#include <string>

#include "staging/audibility.h"
#include "staging/build_order.h"
#include "staging/hearing.h"
#include "staging/levels.h"
#include "staging/look.h"
#include "staging/nominal.h"
#include "staging/rounding.h"
#include "staging/staging.h"
#include "staging/why.h"

namespace gainstage {
namespace {

constexpr double audible_share = 0.10;  // Under it a part is not identified (Aichinger 2009).
constexpr int audibility_steps = 6;
constexpr Db raise_step{0.5};         // 3 dB at most.
constexpr Db masker_step{1.0 / 3.0};  // 2 dB at most.
constexpr Db masker_limit{2.0};

std::vector<bool> silent_ones(const std::vector<HeardTrack>& tracks) {
  std::vector<bool> is_silent;
  for (const HeardTrack& track : tracks) is_silent.push_back(track.is_silent);
  return is_silent;
}

/// The gains of a group's members become one: that which keeps the group's energy.
void hold_groups(const Session& session, const std::vector<HeardTrack>& tracks, const StagingOptions& options,
                 std::vector<Db>& gains) {
  for (const TrackGroup& group : options.groups) {
    std::vector<std::size_t> members;
    double before = 0.0;
    double after = 0.0;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      if (std::find(group.tracks.begin(), group.tracks.end(), session.tracks[i].name) == group.tracks.end())
        continue;
      members.push_back(i);
      if (tracks[i].is_silent) continue;
      const double energy = to_weighted_mean_square(tracks[i].sounding.loudness);
      before += energy;
      after += energy * to_power_ratio(gains[i]);
    }
    if (before <= 0.0) continue;
    for (std::size_t i : members) gains[i] = power_to_db(after / before);
  }
}

struct AudibilityMoves {
  std::vector<Db> raised;
  std::vector<Db> lowered;  ///< >= 0
  std::vector<double> share;
};

/// Raises buried tracks a little and lowers what covers them; both within limits. Tracks that are bound
/// (locked, in a group, the focus) are not lowered; locked and grouped ones not raised.
AudibilityMoves make_audible(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                             const std::vector<bool>& is_bound, std::vector<Db>& gains) {
  const Audibility audibility(measurements.tracks, silent_ones(tracks));
  AudibilityMoves moves{std::vector<Db>(tracks.size()), std::vector<Db>(tracks.size()),
                        std::vector<double>(tracks.size())};
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    for (int step = 0; step < audibility_steps && audibility.share(i, gains) < audible_share; ++step) {
      if (!is_bound[i]) gains[i] += raise_step, moves.raised[i] += raise_step;
      std::vector<bool> may_be_lowered(tracks.size());
      for (std::size_t j = 0; j < tracks.size(); ++j) {
        may_be_lowered[j] = !is_bound[j] && !tracks[j].is_focus &&
                            tracks[j].role.band == tracks[i].role.band &&
                            moves.lowered[j] + masker_step <= masker_limit + Db{1e-9};
      }
      const std::size_t masker = audibility.strongest_masker(i, gains, may_be_lowered);
      if (masker != i) gains[masker] += -masker_step, moves.lowered[masker] += masker_step;
    }
  }
  for (std::size_t i = 0; i < tracks.size(); ++i) moves.share[i] = audibility.share(i, gains);
  return moves;
}

/// Sure when the role is, the prior is narrow, it sounds long, and the usual detector served.
double confidence_of(const HeardTrack& track, const WantedLevel& wanted) {
  if (track.is_silent) return 0.0;
  const double by_prior = 0.4 + 0.6 * wanted.trust;
  const double by_time = std::min(1.0, 0.5 + track.sounding.seconds / 20.0);
  const double by_detector = track.sounding.detector == SoundingDetector::integrated ? 1.0 : 0.7;
  const double by_role = track.role.band == Band::effects ? 0.5 : 1.0;
  return (0.3 + 0.7 * track.role.confidence) * by_prior * by_time * by_detector * by_role;
}

/// A group that holds a locked track is locked whole: its inner balance is kept.
bool is_locked(const StagingOptions& options, const std::string& track) {
  if (options.locked.contains(track)) return true;
  return std::any_of(options.groups.begin(), options.groups.end(), [&](const TrackGroup& group) {
    const auto& members = group.tracks;
    return std::find(members.begin(), members.end(), track) != members.end() &&
           std::any_of(members.begin(), members.end(), [&](auto& m) { return options.locked.contains(m); });
  });
}

std::string group_of(const StagingOptions& options, const std::string& track) {
  for (const TrackGroup& group : options.groups) {
    if (std::find(group.tracks.begin(), group.tracks.end(), track) != group.tracks.end()) return group.name;
  }
  return {};
}

void warn_about_guesses(const std::vector<TrackPlan>& tracks, std::vector<Warning>& warnings) {
  for (const TrackPlan& track : tracks) {
    if (track.is_silent) continue;
    if (track.detector && *track.detector != SoundingDetector::integrated) {
      warnings.push_back({"short", track.name, fallback_sentence(track), {}});
    }
    if (track.role.confidence < 0.5) {
      warnings.push_back({"role-unsure",
                          track.name,
                          track.name + ": neither its name nor its sound tells a role (" +
                              std::string(info(track.role.role).name) + "?); say it with --role.",
                          {}});
    }
  }
}

}  // namespace

Balance balance(const Session& session, const Measurements& measurements, const StagingOptions& options) {
  const std::vector<HeardTrack> heard = hear(session, measurements, options);
  const std::vector<WantedLevel> wanted = wanted_levels(heard, measurements, options);

  std::vector<Db> gains;
  std::vector<bool> is_bound;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    gains.push_back(wanted[i].gain);
    const std::string& name = session.tracks[i].name;
    is_bound.push_back(is_locked(options, name) || !group_of(options, name).empty());
  }
  hold_groups(session, heard, options, gains);
  const AudibilityMoves audible = make_audible(heard, measurements, is_bound, gains);
  const Lufs mix = loudness_together(heard, measurements, gains);

  Balance result;
  result.warnings = look(session, measurements);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    TrackPlan track;
    track.name = session.tracks[i].name;
    track.role = heard[i].role;
    track.is_silent = heard[i].is_silent;
    track.is_locked = is_locked(options, track.name);
    track.is_focus = heard[i].is_focus;
    track.group = group_of(options, track.name);
    if (!track.is_silent) {
      track.detector = heard[i].sounding.detector;
      track.loudness_while_sounding = heard[i].sounding.loudness;
      track.sounding_s = heard[i].sounding.seconds;
      track.balance_measure = heard[i].balance_measure;
      track.target_lu = (track.loudness_while_sounding + gains[i] - mix).value;
      track.audibility = audible.share[i];
      track.nominal = nominal_level(heard[i], measurements.tracks[i].clip.sample_peak, options.nominal).trim;
      track.fader = rounded(gains[i]) - track.nominal;
      track.confidence = confidence_of(heard[i], wanted[i]);
    }
    track.why = why_wanted(track, wanted[i], audible.raised[i], audible.lowered[i], options);
    result.tracks.push_back(std::move(track));
  }
  result.steps = build_order(heard, measurements, options);
  warn_about_guesses(result.tracks, result.warnings);
  if (!result.steps.empty() && result.steps.front().band != Band::low) {
    result.warnings.push_back({"no-low-end",
                               "",
                               "There is no low track to begin with; '" + result.steps.front().name +
                                   "', which enters first, is set to the anchor.",
                               {}});
  }
  return result;
}

std::span<const std::size_t> anchor_tracks(const Balance& balance) {
  if (balance.steps.empty()) return {};
  return balance.steps.front().tracks;
}

}  // namespace gainstage
