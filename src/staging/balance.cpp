// SPDX-License-Identifier: MIT
// All faders down; then each track at its right level relative to the others.
#include <algorithm>
#include <cmath>
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
constexpr Db greatest_raise{3.0};
constexpr Db greatest_lowering{2.0};

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
};

/// The least raise with which a track is heard, at most the limit. Shares grow with the raise, so halving
/// finds it.
Db raise_to_be_heard(const Audibility& audibility, std::size_t track) {
  if (audibility.share(track) >= audible_share) return {};
  if (audibility.share(track, greatest_raise) < audible_share) return greatest_raise;
  Db low{};
  Db high = greatest_raise;
  for (int halving = 0; halving < 10; ++halving) {
    const Db middle{0.5 * (low.value + high.value)};
    (audibility.share(track, middle) < audible_share ? low : high) = middle;
  }
  return high;
}

/// Raises buried tracks a little, and lowers what still covers them by its part in that; both within limits.
/// All are judged at the same gains, so the order of tracks is nothing. Locked and grouped tracks are bound:
/// they neither rise nor fall; the focus does not fall. Of the moves only the part is made that the user's
/// own levels leave to the method.
AudibilityMoves make_audible(const std::vector<HeardTrack>& tracks, const Measurements& measurements,
                             const std::vector<bool>& is_bound, double methods_part, std::vector<Db>& gains) {
  const Audibility audibility(measurements.tracks, silent_ones(tracks), gains);
  AudibilityMoves moves{std::vector<Db>(tracks.size()), std::vector<Db>(tracks.size())};
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    if (tracks[i].is_silent) continue;
    if (!is_bound[i]) moves.raised[i] = raise_to_be_heard(audibility, i);
    const double missing = 1.0 - audibility.share(i, moves.raised[i]) / audible_share;
    if (missing <= 0.0) continue;
    std::vector<double> covered = audibility.covered_by(i, moves.raised[i]);
    for (std::size_t j = 0; j < tracks.size(); ++j) {
      if (is_bound[j] || tracks[j].is_focus || tracks[j].role.band != tracks[i].role.band) covered[j] = 0.0;
    }
    const double most = *std::max_element(covered.begin(), covered.end());
    if (most <= 0.0) continue;
    for (std::size_t j = 0; j < tracks.size(); ++j) {
      // The fourth power singles out the strongest masker without a jump where two are alike.
      const double part = std::pow(covered[j] / most, 4.0);
      moves.lowered[j] = std::max(moves.lowered[j], missing * part * greatest_lowering);
    }
  }
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    moves.raised[i] = methods_part * moves.raised[i];
    moves.lowered[i] = methods_part * moves.lowered[i];
    gains[i] += moves.raised[i] - moves.lowered[i];
  }
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

void warn_about_the_first_step(Balance& balance) {
  if (balance.steps.empty() || balance.steps.front().band == Band::low) return;
  const bool has_low_end =
      std::ranges::any_of(balance.steps, [](const BuildStep& step) { return step.band == Band::low; });
  const std::string reason = has_low_end ? "The order you asked for does not begin with the low end; '"
                                         : "There is no low track to begin with; '";
  balance.warnings.push_back(
      {has_low_end ? "low-end-later" : "no-low-end",
       "",
       reason + balance.steps.front().name + "', which enters first, is set to the anchor.",
       {}});
}

}  // namespace

Balance balance(const Session& session, const Measurements& measurements, const StagingOptions& asked) {
  const std::vector<HeardTrack> heard = hear(session, measurements, asked);
  StagingOptions options = asked;
  options.style = style_of(heard, asked.style);
  const std::vector<WantedLevel> wanted = wanted_levels(heard, measurements, options);

  std::vector<Db> gains;
  std::vector<bool> is_bound;
  for (std::size_t i = 0; i < heard.size(); ++i) {
    gains.push_back(wanted[i].gain);
    const std::string& name = session.tracks[i].name;
    is_bound.push_back(is_locked(options, name) || !group_of(options, name).empty());
  }
  hold_groups(session, heard, options, gains);
  const double methods_part = 1.0 - options.keep_levels_percent / 100.0;
  const AudibilityMoves audible = make_audible(heard, measurements, is_bound, methods_part, gains);
  const Audibility final_audibility(measurements.tracks, silent_ones(heard), gains);
  const Lufs mix = loudness_together(heard, measurements, gains);

  Balance result;
  result.style = options.style;
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
      if (std::isfinite(mix.value)) track.target_lu = (track.loudness_while_sounding + gains[i] - mix).value;
      track.audibility = final_audibility.share(i);
      track.nominal = nominal_level(heard[i], measurements.tracks[i].clip.sample_peak, options.nominal).trim;
      track.fader = rounded(gains[i]) - track.nominal;
      track.confidence = confidence_of(heard[i], wanted[i]);
    }
    track.why = why_wanted(track, wanted[i], audible.raised[i], audible.lowered[i], options);
    result.tracks.push_back(std::move(track));
  }
  result.steps = build_order(heard, measurements, options);
  warn_about_guesses(result.tracks, result.warnings);
  warn_about_the_first_step(result);
  return result;
}

std::span<const std::size_t> anchor_tracks(const Balance& balance) {
  if (balance.steps.empty()) return {};
  return balance.steps.front().tracks;
}

}  // namespace gainstage
