// SPDX-License-Identifier: MIT
// The absolute level of the build: the low end at the anchor; then what the user has bound.
#include <algorithm>
#include <cmath>
#include <string>

#include "staging/anchor_reading.h"
#include "staging/rounding.h"
#include "staging/staging.h"
#include "staging/text.h"
#include "staging/why.h"

namespace gainstage {
namespace {

/// Locked tracks stay where they are, so the others find their level from them instead of from the anchor.
std::optional<Db> shift_by_locks(const std::vector<TrackPlan>& tracks) {
  double sum = 0.0;
  double count = 0.0;
  for (const TrackPlan& track : tracks) {
    if (track.is_locked && !track.is_silent) sum += track.gain().value, count += 1.0;
  }
  if (count == 0.0) return std::nullopt;
  return Db{-sum / count};
}

struct Bound {
  Db gain;
  std::string reason;    ///< Empty when nothing bound it.
  bool is_held = false;  ///< By a range.
};

/// The limits of a track: its own range, narrowed by those of its group's other members, so that a group
/// stays whole.
std::optional<GainRange> range_of(const TrackPlan& track, const StagingOptions& options) {
  std::vector<std::string> together{track.name};
  for (const TrackGroup& group : options.groups) {
    if (group.name == track.group) together.insert(together.end(), group.tracks.begin(), group.tracks.end());
  }
  std::optional<GainRange> narrowed;
  for (const std::string& name : together) {
    const auto found = options.ranges.find(name);
    if (found == options.ranges.end()) continue;
    narrowed = narrowed ? GainRange{std::max(narrowed->low, found->second.low),
                                    std::min(narrowed->high, found->second.high)}
                        : found->second;
  }
  return narrowed;
}

Bound bound_gain(const TrackPlan& track, Db wanted, const StagingOptions& options) {
  if (track.is_locked) return {Db{}, "locked, so it stays and the others are set around it", false};
  Bound result{wanted, {}, false};
  if (options.strength_percent < 100.0) {
    result.gain = (options.strength_percent / 100.0) * wanted;
    result.reason = "at a strength of " + tenth(options.strength_percent) + " %";
  }
  const std::optional<GainRange> range = range_of(track, options);
  if (!range) return result;
  const Db held = std::clamp(rounded(result.gain), range->low, range->high);
  if (held != rounded(result.gain)) {
    result.reason = "held by its range of " + signed_db(range->low) + " to " + signed_db(range->high) +
                    " (it wanted " + signed_db(result.gain) + ")";
    result.gain = held;
    result.is_held = true;
  }
  return result;
}

}  // namespace

AnchorMove anchor_move(const Balance& balance, const StagingOptions& options) {
  if (shift_by_locks(balance.tracks)) return AnchorMove::by_locks;
  const bool is_held = options.strength_percent < 100.0 || !options.ranges.empty();
  return is_held ? AnchorMove::apart : AnchorMove::together;
}

Balance anchor(Balance balance, const MixMeasurements& low_end, const StagingOptions& options) {
  const Db reading = anchor_reading(low_end, options.anchor_detector);
  const Db by_anchor = std::isfinite(reading.value) ? options.anchor - reading : Db{};
  const std::optional<Db> by_locks = shift_by_locks(balance.tracks);
  const Db shift = rounded(by_locks.value_or(by_anchor));
  if (by_locks) {
    balance.warnings.push_back(
        {"anchor-by-locks",
         "",
         "Locked tracks keep their level, so the low end is set around them instead of to the "
         "anchor of " +
             tenth(options.anchor.value) + ".",
         {}});
  }
  for (TrackPlan& track : balance.tracks) {
    if (track.is_silent) continue;
    const Bound bound = bound_gain(track, track.gain() + shift, options);
    // A range may end on a finer figure than 0.01 dB; rounding must not step over it.
    const Db gain = bound.is_held ? bound.gain : rounded(bound.gain);
    track.fader = gain - track.nominal;
    if (track.is_locked) track.nominal = Db{}, track.fader = Db{};
    track.why = why_moved(track, bound.reason);
  }
  return balance;
}

}  // namespace gainstage
